import * as Progress from "@radix-ui/react-progress";
import { useEffect, useState } from "react";

export default function Upload() {
  const [value, setValue] = useState(10);
  useEffect(() => {
    const timer = setTimeout(() => setValue(66), 50);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Progress.Root value={value} style={{ width: 300, height: 20, background: "#ddd", overflow: "hidden" }}>
      <Progress.Indicator style={{ width: "100%", height: "100%", background: "green", transform: `translateX(-${100 - value}%)` }} />
    </Progress.Root>
  );
}
