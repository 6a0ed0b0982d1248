import React, { useCallback, useEffect, useState } from 'react';

const SIZE = 12;
const DIRECTIONS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const Snake = () => {
  const [snake, setSnake] = useState([[5, 5], [4, 5], [3, 5]]);
  const [direction, setDirection] = useState('ArrowRight');
  const [food] = useState([5, 9]);
  const [started, setStarted] = useState(false);
  const [score, setScore] = useState(0);

  const step = useCallback(() => {
    setSnake((current) => {
      const [dx, dy] = DIRECTIONS[direction];
      const [x, y] = current[0];
      const head = [(x + dx + SIZE) % SIZE, (y + dy + SIZE) % SIZE];
      return [head, ...current.slice(0, -1)];
    });
  }, [direction]);

  useEffect(() => {
    const handleKey = (event) => {
      if (!(event.key in DIRECTIONS)) return;
      event.preventDefault();
      setStarted(true);
      setDirection(event.key);
    };
    window.addEventListener('keydown', handleKey);
    return () => window.removeEventListener('keydown', handleKey);
  }, []);

  useEffect(() => {
    if (!started) return undefined;
    const timer = setInterval(step, 40);
    return () => clearInterval(timer);
  }, [started, step]);

  useEffect(() => {
    if (snake[0][0] === food[0] && snake[0][1] === food[1]) setScore((value) => value + 10);
  }, [snake, food]);

  return (
    <div className="flex flex-col items-center p-4 bg-black text-green-400 min-h-screen">
      <p>{score > 0 ? `Score: ${score}` : 'Press an arrow key'}</p>
      <div className="grid border border-green-700" style={{ gridTemplateColumns: `repeat(${SIZE}, 16px)` }}>
        {Array.from({ length: SIZE * SIZE }).map((_, index) => {
          const x = index % SIZE;
          const y = Math.floor(index / SIZE);
          const isSnake = snake.some(([sx, sy]) => sx === x && sy === y);
          const isFood = food[0] === x && food[1] === y;
          return <div key={index} style={{ width: 16, height: 16, background: isSnake ? '#4ade80' : isFood ? '#ef4444' : '#111' }} />;
        })}
      </div>
    </div>
  );
};

export default Snake;
