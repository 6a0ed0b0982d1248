import React, { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

function Modal({ onClose, children }) {
  const closeRef = useRef(null);

  useEffect(() => {
    closeRef.current?.focus();
    const onKey = (e) => e.key === 'Escape' && onClose();
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);

  return createPortal(
    <div role="dialog" aria-modal="true" style={{ position: 'fixed', inset: 0, background: 'rgb(0 0 0 / 50%)' }}>
      <div style={{ background: 'white', margin: '10vh auto', padding: 24, width: 260 }}>
        {children}
        <button ref={closeRef} onClick={onClose}>Close</button>
      </div>
    </div>,
    document.body,
  );
}

export default function App() {
  const [open, setOpen] = useState(false);
  const [closed, setClosed] = useState(0);
  const close = React.useCallback(() => {
    setOpen(false);
    setClosed((n) => n + 1);
  }, []);
  return (
    <main>
      <button id="open" onClick={() => setOpen(true)}>Open the dialog</button>
      <p>Closed {closed} times</p>
      {open && <Modal onClose={close}><h2>Hello from the body</h2></Modal>}
    </main>
  );
}
