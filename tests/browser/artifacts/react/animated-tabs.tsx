import { AnimatePresence, LayoutGroup, motion, Reorder, type Variants } from "framer-motion";
import { useState } from "react";

const TABS = ["Home", "Order"] as const;
const fade: Variants = { from: { opacity: 0 }, to: { opacity: 1, transition: { duration: 0.1 } } };

export default function Tabs() {
  const [tab, setTab] = useState<(typeof TABS)[number]>("Home");
  const [items, setItems] = useState(["one", "two", "three"]);
  return (
    <LayoutGroup>
      <nav className="flex gap-6">
        {TABS.map((each) => (
          <button key={each} id={each} onClick={() => setTab(each)} className="relative">
            {each}
            {each === tab && <motion.span layoutId="underline" id="underline" className="absolute inset-x-0 bottom-0 h-1 bg-rose-500" />}
          </button>
        ))}
      </nav>
      <AnimatePresence mode="wait">
        <motion.div key={tab} variants={fade} initial="from" animate="to" exit="from">
          {tab === "Home" ? <p>Welcome home</p> : (
            <Reorder.Group axis="y" values={items} onReorder={setItems}>
              {items.map((item) => <Reorder.Item key={item} value={item}>{item}</Reorder.Item>)}
            </Reorder.Group>
          )}
        </motion.div>
      </AnimatePresence>
    </LayoutGroup>
  );
}
