import { useState } from "react";

export default function Layout() {
  const [wide, setWide] = useState(false);
  return (
    <div className="min-h-screen bg-gradient-to-br from-slate-900 to-indigo-900 p-[12px] text-white">
      <nav id="nav" className="sticky top-0 z-10 flex h-[56px] items-center justify-between backdrop-blur">
        <span className="text-2xl font-extrabold tracking-tight">Brand</span>
        <button onClick={() => setWide((value) => !value)} className="rounded-full bg-white/10 px-4 py-2 hover:bg-white/20">
          Toggle
        </button>
      </nav>
      <div id="grid" className="grid grid-cols-[120px_1fr] gap-4 sm:w-[640px]">
        <aside id="aside" className="hidden sm:block rounded-xl border border-white/20 p-4">Aside</aside>
        <main className="space-y-2">
          <div id="bar" className={wide ? "h-[31px] w-[311px] bg-[#ff8800]" : "h-4 w-24 bg-sky-400"} />
          <div id="dot" className="size-8 animate-pulse rounded-full bg-emerald-400 ring-2 ring-offset-2" />
          <p className="line-clamp-1 truncate text-sm/6 before:content-['→_']">Classes that appear later are styled too</p>
        </main>
      </div>
    </div>
  );
}
