import { motion, useMotionValue, useTransform } from "framer-motion";
import { useState } from "react";

export default function Slide() {
  const x = useMotionValue(0);
  const opacity = useTransform(x, [0, 100], [0.2, 1]);
  const [done, setDone] = useState(false);
  return (
    <div>
      <motion.div
        id="box"
        style={{ x, opacity, width: 50, height: 50, background: "teal" }}
        animate={{ x: 100 }}
        transition={{ duration: 0.1 }}
        onAnimationComplete={() => setDone(true)}
      />
      <p>{done ? `arrived at ${x.get()} with opacity ${opacity.get()}` : "moving"}</p>
    </div>
  );
}
