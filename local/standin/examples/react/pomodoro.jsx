import { useEffect, useState } from 'react';

const PHASES = {
  focus: { label: 'Focus', minutes: 25, colour: '#dc2626', next: 'pause' },
  pause: { label: 'Short break', minutes: 5, colour: '#15803d', next: 'focus' },
};

const RADIUS = 110;
const AROUND = 2 * Math.PI * RADIUS;

const twoDigits = (number) => String(number).padStart(2, '0');

export default function PomodoroTimer() {
  const [phase, setPhase] = useState('focus');
  const [left, setLeft] = useState(PHASES.focus.minutes * 60);
  const [running, setRunning] = useState(false);
  const [rounds, setRounds] = useState(0);
  const { label, minutes, colour, next } = PHASES[phase];

  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, [running]);

  useEffect(() => {
    if (left > 0) return;
    if (phase === 'focus') setRounds((count) => count + 1);
    setPhase(next);
    setLeft(PHASES[next].minutes * 60);
  }, [left, phase, next]);

  function choose(name) {
    setRunning(false);
    setPhase(name);
    setLeft(PHASES[name].minutes * 60);
  }

  const share = left / (minutes * 60);
  const button = { padding: '10px 22px', fontSize: 16, borderRadius: 12, border: 'none', cursor: 'pointer' };

  return (
    <main
      style={{
        minHeight: '100vh',
        display: 'grid',
        placeItems: 'center',
        background: '#1c1917',
        color: '#fafaf9',
        fontFamily: 'system-ui, sans-serif',
      }}
    >
      <section style={{ textAlign: 'center' }}>
        <nav style={{ display: 'flex', gap: 8, justifyContent: 'center' }}>
          {Object.entries(PHASES).map(([name, { label: text }]) => (
            <button
              key={name}
              onClick={() => choose(name)}
              aria-pressed={name === phase}
              style={{ ...button, background: name === phase ? '#fafaf9' : '#44403c', color: name === phase ? '#1c1917' : '#fafaf9' }}
            >
              {text}
            </button>
          ))}
        </nav>
        <svg width="280" height="280" viewBox="0 0 280 280" role="img" aria-label={`${label}: ${left} seconds left`}>
          <circle cx="140" cy="140" r={RADIUS} fill="none" stroke="#44403c" strokeWidth="14" />
          <circle
            cx="140"
            cy="140"
            r={RADIUS}
            fill="none"
            stroke={colour}
            strokeWidth="14"
            strokeLinecap="round"
            strokeDasharray={AROUND}
            strokeDashoffset={AROUND * (1 - share)}
            transform="rotate(-90 140 140)"
          />
          <text x="140" y="156" textAnchor="middle" fontSize="52" fill="#fafaf9">
            {Math.floor(left / 60)}:{twoDigits(left % 60)}
          </text>
        </svg>
        <div style={{ display: 'flex', gap: 8, justifyContent: 'center' }}>
          <button style={{ ...button, background: colour, color: '#ffffff' }} onClick={() => setRunning(!running)}>
            {running ? 'Pause' : 'Start'}
          </button>
          <button style={{ ...button, background: '#44403c', color: '#fafaf9' }} onClick={() => choose(phase)}>
            Reset
          </button>
        </div>
        <p style={{ color: '#d6d3d1' }}>Rounds finished: {rounds}</p>
      </section>
    </main>
  );
}
