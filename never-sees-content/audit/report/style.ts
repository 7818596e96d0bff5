/** How the page looks: on a screen, light or dark, and on paper. */
export const style = `
:root { color-scheme: light dark; --line: #d5d8dc; --good: #12724a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --line: #3c4148; --good: #5ccf9b; --bad: #ff8a80; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 1rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
.verdict { font-size: 1.3rem; font-weight: 600; border-left: .35rem solid; padding-left: .8rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.good, td.bad { font-weight: 700; width: 1.2rem; }
code { font-size: .85rem; overflow-wrap: anywhere; }
@media print { main { max-width: none; padding: 0; } }
`;
