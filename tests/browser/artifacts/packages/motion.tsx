import { motion } from "motion/react";
import { animate, stagger } from "motion";
import { useEffect, useState } from "react";

export default function Counting() {
  const [value, setValue] = useState(0);
  useEffect(() => {
    const controls = animate(0, 42, { duration: 0.1, onUpdate: (latest) => setValue(Math.round(latest)) });
    return () => controls.stop();
  }, []);
  return (
    <motion.p initial={{ opacity: 0 }} animate={{ opacity: 1 }}>
      The answer is {value}, {typeof stagger}
    </motion.p>
  );
}
