import { create } from "zustand";
import { immer } from "zustand/middleware/immer";
import { useShallow } from "zustand/react/shallow";
import { Minus, Plus, ShoppingCart } from "lucide-react";

type Product = Readonly<{ id: string; name: string; price: number }>;

interface CartState {
  counts: Record<string, number>;
  change: (id: string, by: 1 | -1) => void;
}

const PRODUCTS: readonly Product[] = [
  { id: "tea", name: "Green tea", price: 4.5 },
  { id: "mug", name: "Mug", price: 12 },
];

const useCart = create<CartState>()(
  immer((set) => ({
    counts: {},
    change: (id, by) =>
      set((state) => {
        state.counts[id] = Math.max(0, (state.counts[id] ?? 0) + by);
      }),
  })),
);

function ProductRow({ product }: { product: Product }) {
  const [count, change] = useCart(useShallow((state) => [state.counts[product.id] ?? 0, state.change] as const));
  return (
    <li className="flex items-center gap-2 py-1">
      <span className="w-32">{product.name}</span>
      <button aria-label={`less ${product.id}`} onClick={() => change(product.id, -1)}><Minus size={14} /></button>
      <b>{count}</b>
      <button aria-label={`more ${product.id}`} onClick={() => change(product.id, 1)}><Plus size={14} /></button>
    </li>
  );
}

export default function Cart() {
  const total = useCart((state) =>
    PRODUCTS.reduce((sum, each) => sum + each.price * (state.counts[each.id] ?? 0), 0),
  );
  return (
    <section className="p-4">
      <h1 className="flex items-center gap-2 text-xl"><ShoppingCart /> Cart: {total.toFixed(2)} €</h1>
      <ul>{PRODUCTS.map((product) => <ProductRow key={product.id} product={product} />)}</ul>
    </section>
  );
}
