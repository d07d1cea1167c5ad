/** Where we are: `#/screen/part/part?name=value`. In the fragment, so that any sub-path can serve the page. */
export interface Route {
  screen: string;
  parts: string[];
  query: Readonly<Record<string, string>>;
}

export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [screen = "", ...parts] = path.split("/").filter(Boolean).map(decode);
  return { screen: screen || "overview", parts, query: Object.fromEntries(new URLSearchParams(query)) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a view; empty values fall out. Use it for every `href`. */
export function to(
  screen: string,
  parts: readonly string[] = [],
  query: Record<string, string | undefined> = {},
): string {
  const path = [screen, ...parts].map(encodeURIComponent).join("/");
  const values = Object.entries(query).filter((pair): pair is [string, string] => !!pair[1]);
  const search = new URLSearchParams(values).toString();
  return `#/${path}${search ? `?${search}` : ""}`;
}
