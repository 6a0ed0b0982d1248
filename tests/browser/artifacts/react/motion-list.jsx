import React, { useState } from 'react';
import { motion, AnimatePresence } from 'framer-motion';

const container = { hidden: {}, shown: { transition: { staggerChildren: 0.02 } } };
const item = { hidden: { opacity: 0, y: 20 }, shown: { opacity: 1, y: 0 } };

export default function MotionList() {
  const [names, setNames] = useState(['Mercury', 'Venus', 'Earth']);
  const [open, setOpen] = useState(false);

  return (
    <div className="p-6">
      <motion.button whileHover={{ scale: 1.05 }} whileTap={{ scale: 0.95 }} onClick={() => setOpen(!open)}>
        Details
      </motion.button>
      <AnimatePresence>
        {open && (
          <motion.div
            key="details"
            initial={{ height: 0, opacity: 0 }}
            animate={{ height: 'auto', opacity: 1 }}
            exit={{ height: 0, opacity: 0 }}
            transition={{ duration: 0.1 }}
          >
            The planets near the sun
          </motion.div>
        )}
      </AnimatePresence>
      <motion.ul variants={container} initial="hidden" animate="shown">
        <AnimatePresence mode="popLayout">
          {names.map((name) => (
            <motion.li key={name} layout variants={item} exit={{ opacity: 0, x: -50 }} transition={{ duration: 0.1 }}>
              {name}
              <button aria-label={`remove ${name}`} onClick={() => setNames(names.filter((each) => each !== name))}>×</button>
            </motion.li>
          ))}
        </AnimatePresence>
      </motion.ul>
    </div>
  );
}
