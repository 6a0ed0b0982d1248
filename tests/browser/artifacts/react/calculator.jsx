import React, { useState } from 'react';

const KEYS = ['7', '8', '9', '/', '4', '5', '6', '*', '1', '2', '3', '-', '0', '.', '=', '+'];

const compute = (left, right, operator) => {
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return right === 0 ? NaN : left / right;
    default: return right;
  }
};

export default function Calculator() {
  const [display, setDisplay] = useState('0');
  const [stored, setStored] = useState(null);
  const [operator, setOperator] = useState(null);
  const [fresh, setFresh] = useState(true);

  const press = (key) => {
    if (/[0-9.]/.test(key)) {
      setDisplay(fresh ? (key === '.' ? '0.' : key) : display + key);
      setFresh(false);
      return;
    }
    const value = parseFloat(display);
    const result = operator ? compute(stored, value, operator) : value;
    setDisplay(Number.isNaN(result) ? 'Error' : String(+result.toFixed(10)));
    setStored(result);
    setOperator(key === '=' ? null : key);
    setFresh(true);
  };

  return (
    <div className="min-h-screen flex items-center justify-center bg-slate-100">
      <div className="w-64 rounded-2xl bg-slate-900 p-4 shadow-xl">
        <output className="block text-right text-3xl text-white mb-4">{display}</output>
        <div className="grid grid-cols-4 gap-2">
          {KEYS.map((key) => (
            <button
              key={key}
              aria-label={`key ${key}`}
              onClick={() => press(key)}
              className={`h-12 rounded-lg text-lg ${'+-*/='.includes(key) ? 'bg-orange-500' : 'bg-slate-700'} text-white`}
            >
              {key}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
