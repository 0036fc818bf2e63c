/**
 * How the timeline looks. Places on it are numbers (`--x` in hours, `--g` in gaps, a row for each zoom) that the page
 * adds; here is what they mean at each zoom, by the numbers that zooms.ts packs by.
 */
import { SHARES, SPANS } from './zooms.ts';

const { labels } = SHARES;
const LEFT = 'calc((var(--x) - var(--from))*var(--hour) + (var(--g) - var(--from-g))*var(--gap))';
const DAY = ':root:has(#zoom-day:checked)';
const HOURS = ':root:has(#zoom-hours:checked)';
const ALL = ':root:not(:has(#zoom-day:checked)):not(:has(#zoom-hours:checked))';

export const TIMELINE_STYLES = `
.controls{display:flex;flex-wrap:wrap;align-items:center;gap:var(--gap-s) 1.2rem;margin-bottom:.7rem}
.zoom{border:0;margin:0;padding:0;display:flex;align-items:center}.zoom legend{float:left;margin-right:.6rem;color:var(--quiet)}
.zoom span{position:relative;display:block}.zoom input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.zoom label{display:block;padding:.2rem .8rem;border:1px solid var(--rule);border-left-width:0;background:var(--card);cursor:pointer}
.zoom span:first-of-type label{border-radius:6px 0 0 6px;border-left-width:1px}.zoom span:last-of-type label{border-radius:0 6px 6px 0}
.zoom input:checked+label{background:var(--ink);color:var(--ground);border-color:var(--ink)}
.controls input:focus-visible+label{outline:3px solid var(--link);outline-offset:2px}
.past-switch label{margin-left:.35rem;cursor:pointer}
.timeline{--names:9rem;container-type:inline-size;overflow-x:auto;background:var(--card);border:1px solid var(--rule);border-radius:10px}
.field{--across:max(100cqw - var(--names),38rem);--hour:calc(var(--across)*${SHARES.all}/var(--total));--gap:calc(var(--hour)*var(--wide));--chip:calc(var(--across)*${labels.all});--from:0;--from-g:0;
--span:var(--across);--head:2.1rem;position:relative;width:calc(var(--names) + var(--span));padding:calc(var(--head) + var(--bands)*1.35rem) 0 1.4rem;isolation:isolate;overflow:clip}
${DAY} .field{--hour:calc(var(--across)*${1 - labels.day}/${SPANS.day});--gap:calc(var(--hour)*3);--chip:calc(var(--across)*${labels.day});--head:2.7rem;--from:var(--from-day);--from-g:var(--from-gaps)}
${HOURS} .field{--hour:calc(var(--across)*${1 - labels.hours}/${SPANS.hours});--gap:calc(var(--hour)*.5);--chip:calc(var(--across)*${labels.hours});--head:2.7rem;--from:var(--from-hours);--from-g:var(--from-gaps)}
.days,.bands{list-style:none;position:absolute;inset:0 0 0 var(--names);z-index:-1}
.day,.hour{position:absolute;top:0;bottom:0;left:${LEFT};width:calc(var(--n)*var(--hour));border-left:1px solid var(--rule)}
${ALL} .unnamed span{display:none}
.day span{display:block;padding:.4rem .4rem;font-size:.78rem;color:var(--quiet);white-space:nowrap;position:sticky;z-index:1;left:var(--names);width:max-content}
.hour{display:none;top:1.35rem;border-left-style:dotted}.hour span{display:block;white-space:nowrap;width:max-content;padding:0 .25rem;font-size:.7rem;color:var(--quiet)}
${DAY} .hour.third,${HOURS} .hour{display:block}
.band{position:absolute;top:calc(var(--head) - .1rem + var(--r)*1.35rem);bottom:0;left:${LEFT};width:calc(var(--n)*var(--hour) + var(--m)*var(--gap));border:0 solid var(--freeze);border-width:2px 1px 0;background:var(--freeze-bg)}
.band span{display:block;padding:0 .35rem;font-size:.74rem;line-height:1.2rem;color:var(--freeze);white-space:nowrap;overflow:hidden;text-overflow:ellipsis;position:sticky;left:var(--names);width:max-content;max-width:100%}
.beyond{display:none;position:absolute;top:0;bottom:0;right:0;z-index:-1;background:repeating-linear-gradient(135deg,transparent 0 6px,var(--shade) 6px 12px),var(--card);border-left:1px dotted var(--rule)}
${DAY} .beyond{display:block;left:calc(var(--names) + ${SPANS.day}*var(--hour))}${HOURS} .beyond{display:block;left:calc(var(--names) + ${SPANS.hours}*var(--hour))}
.weekend{background:var(--shade)}
.gap{width:var(--gap);background:repeating-linear-gradient(135deg,transparent 0 6px,var(--shade) 6px 12px)!important}
.now{position:absolute;top:var(--head);bottom:0;left:calc(var(--names) + ${LEFT});border-left:2px solid var(--now);pointer-events:none;scroll-margin-left:11rem}
.now span{position:absolute;bottom:0;left:0;white-space:nowrap;background:var(--now);color:var(--ground);font-size:.72rem;font-weight:600;padding:0 .35rem;border-radius:0 4px 0 0}
.lane{display:grid;grid-template-columns:var(--names) 1fr;padding:.2rem 0;border-top:1px solid var(--rule)}
.lane-name{position:sticky;left:0;z-index:2;background:var(--card);border-right:1px solid var(--rule);margin:-.2rem 0;padding:.3rem .5rem;font-size:var(--small)}
.lane-name h3{margin:0;font-size:var(--small);line-height:1.35}.lane-name a{display:block}
.below{border-top-style:dotted}.below .lane-name{padding-left:1.2rem}.below h3{font-weight:400}.below h3{position:relative}.below h3::before{content:"";position:absolute;left:-.7rem;top:-.1rem;width:.4rem;height:.75rem;border:solid var(--quiet);border-width:0 0 1px 1px}
.track{--rows:var(--p-all);list-style:none;position:relative;height:calc(var(--rows)*26px + 2px)}
${DAY} .track{--rows:var(--p-day)}${HOURS} .track{--rows:var(--p-hours)}
:root:has(#show-past:checked) .track{--rows:var(--h-all)}:root:has(#zoom-day:checked):has(#show-past:checked) .track{--rows:var(--h-day)}:root:has(#zoom-hours:checked):has(#show-past:checked) .track{--rows:var(--h-hours)}
:root:not(:has(#show-past:checked)) .item.past{visibility:hidden}
:root:not(:has(#show-past:checked)) .lane.of-past{display:none}
.item{z-index:1;scroll-margin:3rem 11rem;--row:var(--r-all);position:absolute;left:${LEFT};top:calc(var(--row)*26px + 2px);width:var(--chip)}
${DAY} .item{--row:var(--r-day)}${HOURS} .item{--row:var(--r-hours)}
.chip{display:flex;gap:.3em;height:23px;line-height:21px;padding:0 .35rem;font-size:.76rem;white-space:nowrap;overflow:hidden;
color:var(--tone,var(--quiet));background:var(--tone-bg,var(--shade));border:1px solid transparent;border-left:3px solid var(--tone,var(--quiet));border-radius:2px 5px 5px 2px;text-decoration:none}
.maybe{--tone:var(--change)}.skipped{--tone:var(--done);--tone-bg:var(--card)}.frozen{--tone:var(--bad);--tone-bg:var(--card)}
.item.skipped .chip,.item.frozen .chip{border:1px dashed var(--tone);border-left:3px double var(--tone);background:repeating-linear-gradient(135deg,var(--tone-bg) 0 5px,var(--shade) 5px 10px)}
.item.replaced .chip{border:1px solid var(--tone);border-left-width:3px}
a.chip:hover,a.chip:focus-visible{border-color:var(--tone);overflow:visible;width:max-content;min-width:100%;position:relative;z-index:3}
.item.remove .chip .name,.item.replaced .chip .name{text-decoration:line-through}
.chip>*{flex:none}.chip .name{flex:0 1 auto;min-width:0;overflow:hidden;text-overflow:ellipsis}a.chip:hover .name,a.chip:focus-visible .name{overflow:visible}
.chip .sr{text-decoration:none}.cluster .chip{font-weight:600}
${ALL} .not-all,${DAY} .not-day,${HOURS} .not-hours,:root:not(:has(#zoom-day:checked)) .item.only-day,:root:not(:has(#zoom-hours:checked)) .item.only-hours,:root:has(#zoom-day:checked) .only-all,:root:has(#zoom-hours:checked) .only-all{visibility:hidden}
:root:not(:has(#zoom-day:checked)) a.only-day,:root:not(:has(#zoom-hours:checked)) a.only-hours{display:none}
${ALL} .chip time{display:none}.chip i{display:none}${ALL} .chip i{display:inline;font-style:normal;font-variant-numeric:tabular-nums}
.sideways{display:none;font-size:var(--small)}.chip time{font-variant-numeric:tabular-nums}
.legend{font-size:.78rem;margin-top:.4rem}.legend p{margin:.2rem 0 0}.signs{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.1rem 1.3rem}.signs b{display:inline-block;min-width:.8em;text-align:center;color:var(--ink)}
${ALL} .signs .not-all,${DAY} .signs .not-day,${HOURS} .signs .not-hours{display:none}
${ALL}:not(:has(#show-past:checked)) .past-all,${DAY}:not(:has(#show-past:checked)) .past-day,${HOURS}:not(:has(#show-past:checked)) .past-hours{display:none}
@media (max-width:52rem){.sideways{display:inline}.timeline{background:linear-gradient(90deg,transparent,var(--card) 70%) 100% 0/3rem 100% no-repeat local,linear-gradient(90deg,transparent,#8888) 100% 0/1.2rem 100% no-repeat,var(--card)}}
@media (max-width:40rem){.timeline{--names:0rem}.field{--across:60rem}.lane{display:block}.lane-name{width:max-content;max-width:90vw;border:0;margin:0;padding:0 .4rem;background:none;display:flex;gap:.8rem}.lane-name h3{background:var(--card)}.day span{left:0}}
`;
