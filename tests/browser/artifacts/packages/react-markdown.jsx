import Markdown from "react-markdown";

export default function Text() {
  return <Markdown components={{ em: (props) => <mark>{props.children}</mark> }}>{"## Title\n\n- *marked*\n- `code`\n\n<b>no html</b>"}</Markdown>;
}
