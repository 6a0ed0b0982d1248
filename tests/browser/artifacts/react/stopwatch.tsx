import * as React from "react";

const format = (ms: number): string => {
  const tenths = Math.floor(ms / 100) % 10;
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}.${tenths}`;
};

export default function Stopwatch() {
  const [elapsed, setElapsed] = React.useState(0);
  const [laps, setLaps] = React.useState<number[]>([]);
  const [running, setRunning] = React.useState(false);
  const startedAt = React.useRef(0);

  React.useEffect(() => {
    if (!running) return;
    startedAt.current = performance.now() - elapsed;
    const timer = setInterval(() => setElapsed(performance.now() - startedAt.current), 50);
    return () => clearInterval(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [running]);

  return (
    <div className="flex flex-col items-center gap-4 p-8">
      <time className="font-mono text-5xl tabular-nums">{format(elapsed)}</time>
      <p>{elapsed > 150 ? "Time passes" : "Ready"}</p>
      <div className="flex gap-2">
        <button id="start" onClick={() => setRunning((value) => !value)}>{running ? "Pause" : "Start"}</button>
        <button id="lap" disabled={!running} onClick={() => setLaps((all) => [...all, elapsed])}>Lap</button>
      </div>
      <ol>{laps.map((lap, index) => <li key={index}>Lap {index + 1}: {format(lap)}</li>)}</ol>
    </div>
  );
}
