import { useEffect, useRef, useState } from 'react';

const SOURCE = `
  onmessage = ({ data: limit }) => {
    let count = 0;
    outer: for (let n = 2; n < limit; n++) {
      for (let d = 2; d * d <= n; d++) if (n % d === 0) continue outer;
      count++;
    }
    postMessage(count);
  };
`;

export default function Primes() {
  const worker = useRef(null);
  const [count, setCount] = useState(null);

  useEffect(() => {
    const url = URL.createObjectURL(new Blob([SOURCE], { type: 'application/javascript' }));
    worker.current = new Worker(url);
    worker.current.onmessage = ({ data }) => setCount(data);
    worker.current.postMessage(10000);
    return () => {
      worker.current.terminate();
      URL.revokeObjectURL(url);
    };
  }, []);

  return <p>{count === null ? 'Counting…' : `There are ${count} primes below 10,000`}</p>;
}
