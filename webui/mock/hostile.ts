/** What foreign names may carry: each must show as text and do nothing else. */
export const hostile = [
  `<script>window.__xss=1;alert(1)</script>`,
  `<img src=x onerror="window.__xss=1;alert(1)">`,
  `"><svg onload=alert(1)>`,
  `'"><iframe srcdoc="<script>parent.__xss=1</script>">`,
  `javascript:alert(1)`,
  `<a href="javascript:alert(1)" autofocus onfocus=alert(1)>x</a>`,
  `{{constructor.constructor('alert(1)')()}}`,
  `</title></style></textarea><script>alert(1)</script>`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
  `<link rel=stylesheet href=//evil.example/x.css><base href=//evil.example/>`,
  `\u202egnp.exe\u202c\u0000\u0007\u200b\ufeff\u2028<b onmouseover=alert(1)>`,
  `<meta http-equiv=refresh content="0;url=//evil.example/"><object data="data:text/html,<script>alert(1)</script>">`,
] as const;
