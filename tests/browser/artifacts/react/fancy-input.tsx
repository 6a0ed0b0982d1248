import React, { forwardRef, useImperativeHandle, useRef, useState } from "react";

interface FancyInputProps extends Omit<React.ComponentPropsWithoutRef<"input">, "size"> {
  label: string;
}

interface FancyInputHandle {
  focus(): void;
  shake(): void;
}

const FancyInput = forwardRef<FancyInputHandle, FancyInputProps>(({ label, ...props }, ref) => {
  const inputRef = useRef<HTMLInputElement>(null);
  const [shaken, setShaken] = useState(false);
  useImperativeHandle(ref, () => ({
    focus: () => inputRef.current?.focus(),
    shake: () => setShaken(true),
  }), []);
  return (
    <label className={shaken ? "animate-bounce" : undefined}>
      {label} <input ref={inputRef} {...props} /> {shaken && <span>I was shaken</span>}
    </label>
  );
});
FancyInput.displayName = "FancyInput";

export default function App() {
  const first = useRef<FancyInputHandle>(null);
  const [focused, setFocused] = useState(false);
  return (
    <div>
      <FancyInput ref={first} label="Name" onFocus={() => setFocused(true)} />
      <button id="focus" onClick={() => first.current?.focus()}>Focus</button>
      <button id="shake" onClick={() => first.current!.shake()}>Shake</button>
      <p>{focused ? "The field has the focus" : "The field waits"}</p>
    </div>
  );
}
