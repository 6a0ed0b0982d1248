import { useState } from 'react';

const TEXTS = {
  en: { name: 'English', hello: 'Hello, world! 👋🏽', dir: 'ltr' },
  ar: { name: 'العربية', hello: 'مرحبا بالعالم', dir: 'rtl' },
  he: { name: 'עברית', hello: 'שלום עולם', dir: 'rtl' },
  ja: { name: '日本語', hello: 'こんにちは世界 🗾', dir: 'ltr' },
  hi: { name: 'हिन्दी', hello: 'नमस्ते दुनिया', dir: 'ltr' },
};

export default function Greetings() {
  const [lang, setLang] = useState('en');
  const { hello, dir } = TEXTS[lang];
  const money = new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234.5);
  return (
    <div lang={lang} dir={dir} style={{ padding: 16 }}>
      <h1>{hello}</h1>
      <nav>
        {Object.entries(TEXTS).map(([key, { name }]) => (
          <button key={key} lang={key} onClick={() => setLang(key)} aria-pressed={key === lang}>{name}</button>
        ))}
      </nav>
      <p>Family: 👩‍👩‍👧‍👦, flag: 🇦🇹, math: ∑ √2 ≠ π, quotes: „so“ «là» &ldquo;here&rdquo; &amp; &copy;</p>
      <p id="money">{money}</p>
    </div>
  );
}
