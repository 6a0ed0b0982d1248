import React, { useDeferredValue, useMemo, useState, useTransition } from 'react';

const ALL = Array.from({ length: 2000 }, (_, index) => ({
  id: index,
  name: `Row ${index + 1}`,
  size: (index * 7919) % 1000,
}));

const Row = React.memo(({ name, size }) => (
  <li className="flex justify-between border-b px-2"><span>{name}</span><span>{size} kB</span></li>
));

export default function LongList() {
  const [query, setQuery] = useState('');
  const [bySize, setBySize] = useState(false);
  const [pending, startTransition] = useTransition();
  const wanted = useDeferredValue(query);

  const rows = useMemo(() => {
    const found = ALL.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
    return bySize ? found.toSorted((a, b) => b.size - a.size) : found;
  }, [wanted, bySize]);

  return (
    <div>
      <input type="search" placeholder="Search" value={query} onChange={(e) => setQuery(e.target.value)} />
      <button id="by-size" onClick={() => startTransition(() => setBySize(true))}>Largest first</button>
      <p style={{ opacity: pending ? 0.5 : 1 }}>{rows.length} rows, first {rows[0]?.name ?? 'none'}</p>
      <ul className="h-64 overflow-y-auto">{rows.map((row) => <Row key={row.id} {...row} />)}</ul>
    </div>
  );
}
