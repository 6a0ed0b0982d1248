import { lexer, marked, Marked } from "marked";

const own = new Marked({ renderer: { heading: ({ text, depth }) => `<p class="h${depth}">§ ${text}</p>` } });

export default function Rendered() {
  const html = marked("**bold** [link](#x)") as string;
  return (
    <div>
      <div dangerouslySetInnerHTML={{ __html: html + own.parse("# Own heading") }} />
      <p>{lexer("# a\n\nb").map((token) => token.type).join(" ")}</p>
    </div>
  );
}
