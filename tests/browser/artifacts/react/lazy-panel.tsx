import { lazy, Suspense, useState, type ComponentType } from "react";
import { LoaderCircle } from "lucide-react";

function Chart({ title }: { title: string }) {
  return (
    <figure>
      <figcaption>{title} has arrived</figcaption>
      <svg width="120" height="60" id="chart"><rect width="120" height="60" fill="teal" /></svg>
    </figure>
  );
}

const LazyChart = lazy(
  () =>
    new Promise<{ default: ComponentType<{ title: string }> }>((resolve) => {
      setTimeout(() => resolve({ default: Chart }), 50);
    }),
);

const Spinner = () => (
  <p className="animate-pulse"><LoaderCircle className="animate-spin" /> Loading…</p>
);

export default function App() {
  const [shown, setShown] = useState(false);
  return (
    <>
      <button onClick={() => setShown(true)} disabled={shown}>Load the chart</button>
      {shown && (
        <Suspense fallback={<Spinner />}>
          <LazyChart title="The chart" />
        </Suspense>
      )}
    </>
  );
}
