import { useState } from "react";

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const DRAWING = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><circle cx="40" cy="40" r="36" fill="gold"/></svg>',
)}`;

const Heart = ({ size = 48, ...rest }) => (
  <svg viewBox="0 0 24 24" width={size} height={size} fill="none" strokeWidth={2} strokeLinejoin="round" {...rest}>
    <defs>
      <linearGradient id="warm" x1="0" y1="0" x2="1" y2="1">
        <stop offset="0%" stopColor="#f43f5e" />
        <stop offset="100%" stopColor="#f97316" />
      </linearGradient>
    </defs>
    <path
      d="M12 21s-8-5.5-8-11a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 10c0 5.500-8 11-8 11z"
      fill="url(#warm)"
      stroke="currentColor"
    />
  </svg>
);

export default function Pictures() {
  const [loaded, setLoaded] = useState([]);
  const note = ({ currentTarget }) => setLoaded((all) => [...all, `${currentTarget.alt} ${currentTarget.naturalWidth}px`]);
  return (
    <div>
      <img src={PIXEL} alt="pixel" width={40} height={40} onLoad={note} />
      <img src={DRAWING} alt="drawing" onLoad={note} />
      <Heart id="heart" size={64} className="text-red-900" />
      <div id="patterned" style={{ width: 60, height: 60, backgroundImage: `url("${DRAWING}")` }} />
      <p>Loaded: {[...loaded].sort().join(", ")}</p>
    </div>
  );
}
