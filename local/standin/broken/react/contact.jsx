import { GitFork, Mail } from "lucide-react";

const LINKS = [
  { icon: GitFork, label: "Source code", href: "#code" },
  { icon: Mail, label: "Write to me", href: "#mail" },
];

function Avatar({ initials }) {
  return <span className="rounded-full bg-emerald-700 p-3 text-white">{initials}</span>;
}

export default function ContactCard() {
  return (
    <div className="mx-auto max-w-sm rounded-2xl border p-6">
      <Avatar initials="ML" />
      <h1 className="mt-4 text-xl font-bold">Maya Lindqvist</h1>
      <p className="mb-4 text-slate-600">Designs maps and the tools to draw them.</p>
      {LINKS.map(({ icon: Icon, label, href }) => (
        <a key={label} href={href} className="flex items-center gap-2 py-1">
          <Icon size={18} />
          {label}
        </a>
      ))}
    </div>
  );
}
