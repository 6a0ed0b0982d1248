import { useEffect, useLayoutEffect, useRef, useState } from 'react';

function useSize(ref) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize({ width: Math.round(width), height: Math.round(height) });
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

export default function Observed() {
  const box = useRef(null);
  const far = useRef(null);
  const [seen, setSeen] = useState(false);
  const [large, setLarge] = useState(false);
  const { width } = useSize(box);

  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && setSeen(true));
    observer.observe(far.current);
    return () => observer.disconnect();
  }, []);

  return (
    <div>
      <div ref={box} style={{ width: large ? 400 : 200, height: 50, background: 'lightblue' }} />
      <p>The box is {width} wide, the end is {seen ? 'seen' : 'unseen'}</p>
      <button id="grow" onClick={() => setLarge(true)}>Grow</button>
      <button id="end" onClick={() => far.current.scrollIntoView()}>To the end</button>
      <div style={{ height: 3000 }} />
      <div ref={far}>The end</div>
    </div>
  );
}
