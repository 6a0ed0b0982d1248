import React, { useState } from "react";
import ReactMarkdown from "react-markdown";

const START = `# Notes

Write **bold** words, \`code\` and lists:

1. one
2. two

> A quotation

[A link](#notes)`;

export default function MarkdownEditor() {
  const [text, setText] = useState(START);
  const words = text.split(/\s+/).filter(Boolean).length;

  return (
    <div className="grid grid-cols-2 gap-4 h-screen p-4">
      <textarea
        className="border rounded p-2 font-mono"
        value={text}
        onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) => setText(event.target.value)}
      />
      <article className="prose">
        <ReactMarkdown
          components={{
            h1: ({ children }) => <h1 style={{ color: "rebeccapurple" }}>{children}</h1>,
            strong: ({ children }) => <strong className="text-pink-600">{children}</strong>,
          }}
        >
          {text}
        </ReactMarkdown>
        <footer>{words} words</footer>
      </article>
    </div>
  );
}
