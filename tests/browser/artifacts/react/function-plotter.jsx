import { useMemo, useState } from 'react';
import { compile, derivative, evaluate, format } from 'mathjs';

const WIDTH = 400;
const HEIGHT = 200;

function usePath(expression) {
  return useMemo(() => {
    try {
      const code = compile(expression);
      const points = [];
      for (let px = 0; px <= WIDTH; px += 4) {
        const x = (px - WIDTH / 2) / 40;
        const y = code.evaluate({ x });
        if (Number.isFinite(y)) points.push(`${px},${HEIGHT / 2 - y * 20}`);
      }
      return { path: `M${points.join('L')}`, slope: derivative(expression, 'x').toString() };
    } catch (error) {
      return { error: error.message };
    }
  }, [expression]);
}

export default function Plotter() {
  const [expression, setExpression] = useState('x^2 / 4');
  const { path, slope, error } = usePath(expression);
  return (
    <div>
      <label>f(x) = <input value={expression} onChange={(e) => setExpression(e.target.value)} /></label>
      {error ? <p role="alert">Not a function: {error}</p> : <p>f′(x) = {slope}</p>}
      <p>3 inches are {format(evaluate('3 inch to cm'), { precision: 6 })}</p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT}>
        <line x1="0" y1={HEIGHT / 2} x2={WIDTH} y2={HEIGHT / 2} stroke="#ccc" />
        {path && <path d={path} fill="none" stroke="crimson" strokeWidth="2" />}
      </svg>
    </div>
  );
}
