/** The page's one style sheet: its system of type, spacing and colour first, then its parts. */
import { TIMELINE_STYLES } from './timeline-styles.ts';

const SCREEN = `
:root{color-scheme:light dark;
--ground:#fbfbfa;--card:#fff;--ink:#1b1d21;--quiet:#5a5f69;--rule:#e2e3e6;--shade:#f1f1ef;--link:#0b57b0;
--add:#116329;--add-bg:#e3f4e7;--remove:#a3201b;--remove-bg:#fdeaea;--change:#7a4b00;--change-bg:#fff1d6;
--adopt:#0a4f7a;--adopt-bg:#e0f1fb;--bad:#a3201b;--bad-bg:#fde3e1;--done:#4a4f58;--done-bg:#ececea;
--calm:#37506e;--calm-bg:#e8eef6;--now:#c2410c;--freeze:#5b4a8a;--freeze-bg:#6a55a81f;
--small:.82rem;--gap-s:.5rem;--gap-m:.9rem;--gap-l:2.2rem;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{
--ground:#131518;--card:#1b1e23;--ink:#e6e8eb;--quiet:#a3a9b4;--rule:#2f343b;--shade:#1f2329;--link:#8ab8ff;
--add:#7ee29a;--add-bg:#12301c;--remove:#ff9b94;--remove-bg:#3a1715;--change:#f2c36b;--change-bg:#362507;
--adopt:#85cdfb;--adopt-bg:#0d2c40;--bad:#ff9b94;--bad-bg:#431a17;--done:#b3b9c3;--done-bg:#272b31;
--calm:#b5c8e2;--calm-bg:#202c3c;--now:#ff9a66;--freeze:#c3b3f0;--freeze-bg:#8f7bd02e}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:76rem;padding:1.5rem clamp(1rem,4vw,2.5rem) 3rem;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,h3,h4,p,ul,ol,dl,dd{margin:0;padding:0}
h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.01em}
h2{font-size:1.15rem;margin:var(--gap-l) 0 .8rem;padding-bottom:.35rem;border-bottom:1px solid var(--rule)}
h3{font-size:1rem;margin:1.4rem 0 .6rem}
h4,.block h3{margin:0;font-size:.95rem;font-weight:600;line-height:1.45}
a{color:var(--link)}
code,.code{font-family:var(--mono);font-size:.92em}
.quiet{color:var(--quiet)}h4 .quiet,h3 .quiet{font-weight:400}
.kind{text-transform:uppercase;letter-spacing:.09em;font-size:.75rem;color:var(--quiet)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.summary{font-size:1.2rem;font-weight:600;margin:1.2rem 0 0;padding:0;border:0}.summary-more{margin-top:.3rem;color:var(--bad);font-weight:600}
.notice{margin-top:.8rem;padding:.6rem .9rem;border-left:4px solid var(--change);background:var(--change-bg);border-radius:0 6px 6px 0}
.links{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.2rem 0}
.glance{list-style:none;margin:var(--gap-m) 0 var(--gap-s);border:1px solid var(--rule);border-radius:8px;background:var(--card);overflow:hidden}
.glance>li{display:grid;grid-template-columns:9.5rem 1fr;gap:0 var(--gap-m);padding:.35rem .8rem;border-left:4px solid var(--tone)}
.glance>li+li{border-top:1px solid var(--rule)}.glance p{color:var(--tone)}.glance b{font-size:1.1rem;font-variant-numeric:tabular-nums}
.glance ul{list-style:none;display:flex;flex-wrap:wrap;gap:.05rem 1.2rem;min-width:0}.glance li li{min-width:0}.glance a{font-weight:600}
.glance .quiet{font-size:var(--small)}.glance details{grid-column:2;margin:0}.times{font-variant-numeric:tabular-nums}
.warned{color:var(--change);font-weight:600}
.of{color:var(--quiet);font-size:var(--small);margin-top:.25rem}.of::after{content:":"}
.add{--tone:var(--add);--tone-bg:var(--add-bg)}.remove{--tone:var(--remove);--tone-bg:var(--remove-bg)}
.change{--tone:var(--change);--tone-bg:var(--change-bg)}
.adopt{--tone:var(--adopt);--tone-bg:var(--adopt-bg)}.bad{--tone:var(--bad);--tone-bg:var(--bad-bg)}
.replaced{--tone:var(--change);--tone-bg:var(--card)}
.done{--tone:var(--done);--tone-bg:var(--done-bg)}.past{--tone:var(--quiet);--tone-bg:var(--card)}.calm{--tone:var(--calm);--tone-bg:var(--calm-bg)}
.finding{margin:.6rem 0;padding:.6rem .9rem;border-left:4px solid var(--tone,var(--rule));background:var(--card);border-radius:0 6px 6px 0}
.finding.error{--tone:var(--bad)}.finding.warning{--tone:var(--change)}.finding strong{color:var(--tone);margin-right:.2rem}
.finding .place{margin-top:.2rem}.snippet{color:var(--quiet);white-space:pre-wrap}
.block{margin:.6rem 0;padding:.7rem .9rem;background:var(--card);border:1px solid var(--rule);border-left:4px solid var(--tone,var(--rule));border-radius:0 8px 8px 0}
.block b{color:var(--tone);font-family:var(--mono);margin-right:.25rem}
.block:target{outline:2px solid var(--tone)}
.block dl>div{display:grid;grid-template-columns:5.2rem 1fr;gap:.2rem .8rem;margin-top:.15rem}
.block dt{color:var(--quiet)}.block dl{margin-top:.4rem}
.line{white-space:pre-wrap}.block dd .code{font-size:.86em;line-height:1.6}
.targets{list-style:none;padding:0!important;font-size:.88rem}.targets li+li{margin-top:.1rem}.targets code{font-size:.86em}
ins{color:var(--add);text-decoration:none}del{color:var(--remove);text-decoration:none}
.blocks{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,33rem),1fr));gap:.6rem;align-items:start}.blocks>:only-child{grid-column:1/-1}.blocks .block{margin:0}
.plain{list-style:none;margin-top:.5rem}.plain li{padding:.15rem 0}.group ul{padding-left:1.2rem}
details{margin:.6rem 0}dd details,li details,.block>details{margin:.1rem 0 0}summary{cursor:pointer;color:var(--link);padding:.2rem 0}
.scroller{overflow-x:auto;position:relative}table{border-collapse:collapse;width:100%;font-size:.9rem}
th{text-align:left;font-weight:600;color:var(--quiet)}th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:normal}
.number{text-align:right;font-variant-numeric:tabular-nums}
tr.add td:nth-child(4),tr.remove td:nth-child(4),tr.bad td:nth-child(4),tr.change td:nth-child(4),tr.replaced td:nth-child(4),.calendar tr.skipped td,.calendar tr.maybe td:last-child,.calendar tr.frozen td:last-child{color:var(--tone);font-weight:600}
.calendar tr.skipped td{font-weight:400}.calendar th[scope=rowgroup]{padding-top:1rem;color:var(--ink)}.calendar time span{white-space:nowrap}
.digest{margin-top:3rem;font-size:var(--small)}
footer{margin-top:1rem;padding-top:.8rem;border-top:1px solid var(--rule);font-size:.8rem}
`;

/** After all else, as they change it. */
const MEDIA = `@media (max-width:40rem){body{padding-top:1rem}.glance>li{grid-template-columns:1fr;gap:0}.glance p{font-size:var(--small)}.about{display:-webkit-box;font-size:var(--small)}.block dl>div{grid-template-columns:1fr;gap:0}.block dt{font-size:.8rem;margin-top:.3rem}h1{font-size:1.5rem}
.calendar thead{display:none}.calendar tr{display:grid;grid-template-columns:6.5rem 1fr;column-gap:.6rem;border-bottom:1px solid var(--rule);padding:.25rem 0}.calendar th,.calendar td{border:0;padding:0;grid-column:2;overflow-wrap:anywhere}.calendar td:empty{display:none}.calendar th[scope=rowgroup]{grid-column:1/3}.calendar td:first-child{grid-column:1;grid-row:1/6}}
@media (min-width:40.01rem){.calendar td:first-child{white-space:nowrap}.calendar td:nth-child(2){min-width:min(20rem,30vw)}.calendar td:nth-child(3){width:40%}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{.blocks{display:block}.blocks .block{margin:.5rem 0}
:root{color-scheme:light;--ground:#fff;--card:#fff;--ink:#000;--quiet:#333;--rule:#999;--shade:#fff;--link:#000;
--add:#004d1a;--remove:#7a0000;--change:#5c3800;--adopt:#00395c;--bad:#7a0000;--done:#333;--calm:#222;
--add-bg:#fff;--remove-bg:#fff;--change-bg:#fff;--adopt-bg:#fff;--bad-bg:#fff;--done-bg:#fff;--calm-bg:#fff}
body{max-width:none;padding:0;font-size:10pt}.skip,.controls,.timeline,.legend,.timeline-section:not(:has(details)){display:none}
details::details-content{content-visibility:visible;block-size:auto}.unchanged li details{display:none}
details>summary{color:#000;list-style:none}.block,.finding,tr{break-inside:avoid}.scroller{overflow:visible}table{font-size:8pt}th,td{padding-right:.5rem;overflow-wrap:anywhere}#timeline-list td:first-child{min-width:9rem}.glance{break-inside:avoid}
a{text-decoration:none}}
`;

export const STYLES = SCREEN + TIMELINE_STYLES + MEDIA;
