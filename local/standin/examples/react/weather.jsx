import { useState } from 'react';

const CITIES = {
  Bergen: {
    sky: 'Rain', symbol: '🌧️', wind: 24, humidity: 88,
    week: [11, 10, 12, 13, 11, 9, 10],
    colours: ['#334155', '#64748b'],
  },
  Lisbon: {
    sky: 'Sunny', symbol: '☀️', wind: 14, humidity: 52,
    week: [24, 26, 27, 25, 24, 23, 25],
    colours: ['#0369a1', '#38bdf8'],
  },
  Nairobi: {
    sky: 'Partly cloudy', symbol: '⛅', wind: 11, humidity: 61,
    week: [21, 22, 20, 19, 22, 23, 22],
    colours: ['#166534', '#4ade80'],
  },
};

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const toUnit = (celsius, unit) => Math.round(unit === 'C' ? celsius : celsius * 1.8 + 32);

function Figure({ label, value }) {
  return (
    <div style={{ padding: '14px 16px', borderRadius: 14, background: 'rgba(15, 23, 42, 0.35)' }}>
      <div style={{ fontSize: 13, opacity: 0.9 }}>{label}</div>
      <div style={{ fontSize: 20, fontWeight: 600 }}>{value}</div>
    </div>
  );
}

function Week({ week, unit }) {
  const warmest = Math.max(...week);
  return (
    <div style={{ display: 'flex', alignItems: 'flex-end', gap: 10, height: 150, marginTop: 28 }}>
      {week.map((celsius, index) => (
        <div key={DAYS[index]} style={{ flex: 1, textAlign: 'center', fontSize: 13 }}>
          <div>{toUnit(celsius, unit)}°</div>
          <div
            style={{
              height: (celsius / warmest) * 90,
              margin: '6px 0',
              borderRadius: 8,
              background: 'rgba(255, 255, 255, 0.75)',
              transition: 'height 300ms ease',
            }}
          />
          <div>{DAYS[index]}</div>
        </div>
      ))}
    </div>
  );
}

export default function WeatherDashboard() {
  const [city, setCity] = useState('Lisbon');
  const [unit, setUnit] = useState('C');
  const { sky, symbol, wind, humidity, week, colours } = CITIES[city];

  const button = (active) => ({
    padding: '8px 14px',
    borderRadius: 999,
    border: '1px solid rgba(255, 255, 255, 0.7)',
    cursor: 'pointer',
    background: active ? '#ffffff' : 'rgba(15, 23, 42, 0.35)',
    color: active ? '#0f172a' : '#ffffff',
  });

  return (
    <main style={{ minHeight: '100vh', padding: 24, boxSizing: 'border-box', background: '#0f172a' }}>
      <section
        style={{
          maxWidth: 560,
          margin: '24px auto',
          padding: 28,
          borderRadius: 24,
          color: '#ffffff',
          fontFamily: 'system-ui, sans-serif',
          background: `linear-gradient(150deg, ${colours[0]}, ${colours[1]})`,
          transition: 'background 300ms ease',
        }}
      >
        <header style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
          {Object.keys(CITIES).map((name) => (
            <button key={name} style={button(name === city)} onClick={() => setCity(name)}>
              {name}
            </button>
          ))}
          <span style={{ flex: 1 }} />
          <button style={button(false)} onClick={() => setUnit(unit === 'C' ? 'F' : 'C')}>
            Show °{unit === 'C' ? 'F' : 'C'}
          </button>
        </header>
        <div style={{ display: 'flex', alignItems: 'center', gap: 20, margin: '28px 0' }}>
          <span style={{ fontSize: 72 }} role="img" aria-label={sky}>{symbol}</span>
          <div>
            <div style={{ fontSize: 56, fontWeight: 700, lineHeight: 1 }}>{toUnit(week[0], unit)}°{unit}</div>
            <div>{sky} in {city}</div>
          </div>
        </div>
        <div style={{ display: 'grid', gridTemplateColumns: 'repeat(3, 1fr)', gap: 12 }}>
          <Figure label="Wind" value={`${wind} km/h`} />
          <Figure label="Humidity" value={`${humidity} %`} />
          <Figure label="Warmest" value={`${toUnit(Math.max(...week), unit)}°`} />
        </div>
        <Week week={week} unit={unit} />
      </section>
    </main>
  );
}
