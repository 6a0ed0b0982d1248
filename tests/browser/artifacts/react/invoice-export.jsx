import React, { useState } from 'react';
import * as XLSX from 'xlsx';
import { Download } from 'lucide-react';

const ITEMS = [
  { item: 'Design', hours: 12, rate: 80 },
  { item: 'Development', hours: 40, rate: 95 },
];

export default function Invoice() {
  const [file, setFile] = useState(null);
  const total = ITEMS.reduce((sum, { hours, rate }) => sum + hours * rate, 0);

  const exportFile = () => {
    const sheet = XLSX.utils.json_to_sheet(ITEMS);
    const book = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(book, sheet, 'Invoice');
    const bytes = XLSX.write(book, { bookType: 'xlsx', type: 'array' });
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    const back = XLSX.read(bytes, { type: 'array' });
    const rows = XLSX.utils.sheet_to_json(back.Sheets.Invoice);
    setFile({ url, rows: rows.length, first: rows[0].item });
  };

  return (
    <div className="max-w-md mx-auto p-6">
      <table>
        <tbody>
          {ITEMS.map(({ item, hours, rate }) => (
            <tr key={item}><td>{item}</td><td>{hours} h</td><td>€ {hours * rate}</td></tr>
          ))}
        </tbody>
        <tfoot><tr><th colSpan={2}>Total</th><th>€ {total}</th></tr></tfoot>
      </table>
      <button id="export" onClick={exportFile}><Download size={16} /> Export</button>
      {file && <a href={file.url} download="invoice.xlsx">invoice.xlsx has {file.rows} rows, first {file.first}</a>}
    </div>
  );
}
