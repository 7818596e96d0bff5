/** The style of the page: light or dark as its reader's machine is, and readable on paper. */
export const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--line:#d0d7de;--head:#f3f5f7;--faint:#57606a;--link:#0a58b5}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--paper:#14171a;--line:#3a4149;--head:#1f2429;--faint:#9aa4af;--link:#7ab7ff}}
body{margin:0 auto;max-width:90rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
a{color:var(--link)}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;list-style:none}
h1{margin-bottom:.25rem}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem;margin-top:1rem}
caption{text-align:left;font-weight:600;padding:.4rem 0}th,td{border:1px solid var(--line);padding:.4rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere;min-width:6rem}
thead th{background:var(--head)}tbody th{font-weight:600}td ul,th ul{margin:0;padding-left:1.1rem}.none{color:var(--faint)}
@media print{body{max-width:none;padding:0;font-size:9pt}.wide{overflow:visible}nav{display:none}}
`;
