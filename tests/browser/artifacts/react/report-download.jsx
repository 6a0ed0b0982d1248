import { lazy, Suspense, useState } from 'react';

const Markdown = lazy(() => import('react-markdown'));

export default function Report() {
  const [size, setSize] = useState(null);

  const handleExport = async () => {
    const XLSX = await import('xlsx');
    const { default: Papa } = await import('papaparse');
    const sheet = XLSX.utils.json_to_sheet(Papa.parse('a,b\n1,2', { header: true }).data);
    setSize(sheet['!ref']);
  };

  return (
    <div>
      <Suspense fallback={<p>Loading the text…</p>}>
        <Markdown>{'## Results\n\nAll **good**.'}</Markdown>
      </Suspense>
      <button onClick={handleExport}>Export</button>
      {size && <p>The sheet covers {size}</p>}
    </div>
  );
}
