import { useRef, useState, type PointerEvent } from "react";

type Point = { x: number; y: number };

export default function DrawingPad() {
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const last = useRef<Point | null>(null);
  const [strokes, setStrokes] = useState(0);
  const [color, setColor] = useState("#dc2626");

  const at = (event: PointerEvent<HTMLCanvasElement>): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const dot = (event: PointerEvent<HTMLCanvasElement>) => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    last.current = at(event);
    context.fillStyle = color;
    context.beginPath();
    context.arc(last.current.x, last.current.y, 6, 0, 2 * Math.PI);
    context.fill();
  };

  const line = (event: PointerEvent<HTMLCanvasElement>) => {
    const context = canvas.current?.getContext("2d");
    if (!context || !last.current) return;
    const { x, y } = at(event);
    context.strokeStyle = color;
    context.lineWidth = 4;
    context.beginPath();
    context.moveTo(last.current.x, last.current.y);
    context.lineTo(x, y);
    context.stroke();
    last.current = { x, y };
  };

  const end = () => {
    if (last.current) setStrokes((count) => count + 1);
    last.current = null;
  };

  return (
    <div>
      <input type="color" value={color} onChange={(event) => setColor(event.target.value)} />
      <canvas
        ref={canvas} width={300} height={150} style={{ border: "1px solid #999", touchAction: "none" }}
        onPointerDown={dot} onPointerMove={line} onPointerUp={end}
      />
      <p>{strokes} strokes</p>
      <button onClick={() => { canvas.current?.getContext("2d")?.clearRect(0, 0, 300, 150); setStrokes(0); }}>Clear</button>
    </div>
  );
}
