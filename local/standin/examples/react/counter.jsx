import { useState } from 'react';

const STEPS = [1, 5, 10];

const buttonStyle = {
  width: 72,
  height: 72,
  fontSize: 32,
  borderRadius: '50%',
  border: 'none',
  color: '#ffffff',
  background: '#0f766e',
  cursor: 'pointer',
};

export default function Counter() {
  const [count, setCount] = useState(0);
  const [step, setStep] = useState(1);
  const [history, setHistory] = useState([]);

  function change(by) {
    setHistory([count, ...history].slice(0, 8));
    setCount(count + by);
  }

  function undo() {
    const [last, ...rest] = history;
    setCount(last);
    setHistory(rest);
  }

  return (
    <main
      style={{
        minHeight: '100vh',
        display: 'grid',
        placeItems: 'center',
        background: 'radial-gradient(circle at top, #ccfbf1, #f8fafc)',
        fontFamily: 'system-ui, sans-serif',
        color: '#134e4a',
      }}
    >
      <section style={{ textAlign: 'center' }}>
        <h1 style={{ margin: 0, fontWeight: 500 }}>Counter</h1>
        <output style={{ display: 'block', margin: '16px 0', fontSize: 96, fontVariantNumeric: 'tabular-nums' }}>
          {count}
        </output>
        <div style={{ display: 'flex', gap: 24, justifyContent: 'center' }}>
          <button style={buttonStyle} onClick={() => change(-step)} aria-label={`Subtract ${step}`}>−</button>
          <button style={buttonStyle} onClick={() => change(step)} aria-label={`Add ${step}`}>+</button>
        </div>
        <fieldset style={{ border: 'none', margin: '24px 0 0' }}>
          <legend style={{ padding: 0, margin: '0 auto' }}>Step</legend>
          {STEPS.map((value) => (
            <label key={value} style={{ margin: '0 10px' }}>
              <input type="radio" name="step" checked={step === value} onChange={() => setStep(value)} /> {value}
            </label>
          ))}
        </fieldset>
        <p>
          <button onClick={undo} disabled={history.length === 0}>Undo</button>{' '}
          <button onClick={() => change(-count)} disabled={count === 0}>Reset</button>
        </p>
        <p style={{ minHeight: 24, color: '#0f766e' }}>
          {history.length > 0 && `Before: ${history.join(', ')}`}
        </p>
      </section>
    </main>
  );
}
