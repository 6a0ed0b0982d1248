import { useMemo, useState } from 'react';
import { marked } from 'marked';

export default function Preview() {
  const [source, setSource] = useState('| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n~~gone~~');
  const html = useMemo(() => marked.parse(source, { gfm: true, breaks: true }), [source]);
  return (
    <div>
      <textarea rows={6} value={source} onChange={(e) => setSource(e.target.value)} />
      <div id="preview" dangerouslySetInnerHTML={{ __html: html }} />
    </div>
  );
}
