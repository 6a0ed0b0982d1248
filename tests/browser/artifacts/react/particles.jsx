import { useEffect, useRef, useState } from "react";

const COUNT = 60;

export default function Particles() {
  const canvasRef = useRef(null);
  const [frames, setFrames] = useState(0);
  const [painted, setPainted] = useState(false);

  useEffect(() => {
    const canvas = canvasRef.current;
    const ctx = canvas.getContext("2d");
    const particles = Array.from({ length: COUNT }, (_, index) => ({
      x: (index * 97) % canvas.width,
      y: (index * 61) % canvas.height,
      vx: Math.cos(index),
      vy: Math.sin(index),
    }));
    let id;
    let count = 0;

    const draw = () => {
      ctx.fillStyle = "#0f172a";
      ctx.fillRect(0, 0, canvas.width, canvas.height);
      ctx.fillStyle = "#38bdf8";
      for (const particle of particles) {
        particle.x = (particle.x + particle.vx + canvas.width) % canvas.width;
        particle.y = (particle.y + particle.vy + canvas.height) % canvas.height;
        ctx.beginPath();
        ctx.arc(particle.x, particle.y, 3, 0, Math.PI * 2);
        ctx.fill();
      }
      count += 1;
      if (count % 5 === 0) {
        setFrames(count);
        setPainted(ctx.getImageData(0, 0, canvas.width, canvas.height).data.some((byte, at) => at % 4 === 2 && byte > 200));
      }
      id = requestAnimationFrame(draw);
    };
    id = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(id);
  }, []);

  return (
    <figure>
      <canvas ref={canvasRef} width={400} height={200} className="rounded-lg" />
      <figcaption>
        {frames >= 10 ? "The animation is running" : "Starting…"}; {painted ? "particles are drawn" : "nothing is drawn"}
      </figcaption>
    </figure>
  );
}
