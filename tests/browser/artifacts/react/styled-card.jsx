const styles = `
  @keyframes rise { from { transform: translateY(20px); opacity: 0; } to { transform: none; opacity: 1; } }
  .card { --hue: 210; width: 240px; padding: 20px; border-radius: 16px; animation: rise .2s ease-out both; }
  .card { background: linear-gradient(135deg, hsl(var(--hue) 80% 60%), hsl(calc(var(--hue) + 60) 80% 50%)); }
  .card > h2 { margin: 0; color: white; font-size: 32px; }
  .card:hover { filter: brightness(1.1); }
  @media (prefers-color-scheme: dark) { body { background: #111; } }
`;

export default () => (
  <>
    <style>{styles}</style>
    <div className="card" id="card">
      <h2>Styled by CSS</h2>
      <p style={{ color: 'rgba(255, 255, 255, 0.9)', marginTop: 8, WebkitFontSmoothing: 'antialiased' }}>No class of Tailwind here</p>
    </div>
  </>
);
