export const style = `:host{all:initial;--a:#4354c9;--a2:#3746b0;--bg:#fff;--sunk:#f2f2f5;--line:#e3e3e9;--t:#1a1b1f;--t2:#5c606c;--own:#4354c9;--ownT:#fff;--bad:#b92c2c;
position:fixed;z-index:2147483000;right:20px;bottom:20px;font:14px/1.45 -apple-system,BlinkMacSystemFont,"Segoe UI",Inter,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",Roboto,Arial,sans-serif;color:var(--t)}
:host([dark]){--bg:#1c1d23;--sunk:#282a32;--line:#353843;--t:#ecedf1;--t2:#a8acb8;--own:#5160d2;--a:#5160d2;--a2:#4453c2;--bad:#ff9c9e}
*{box-sizing:border-box}
button,input,textarea{font:inherit;color:inherit}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--a);outline-offset:2px}
:host([dark]) :focus-visible{outline-color:#aab4ff}
[hidden]{display:none!important}
svg{width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.launch{position:relative;display:grid;place-items:center;width:56px;height:56px;margin-left:auto;border:0;border-radius:50%;background:var(--a);color:#fff;box-shadow:0 4px 18px rgb(20 22 40/28%);transition:transform .15s,background .15s}
.launch:hover{background:var(--a2);transform:translateY(-1px)}
.launch svg{width:26px;height:26px}
.count{position:absolute;top:-3px;right:-3px;min-width:20px;height:20px;padding:0 5px;border:2px solid #fff;border-radius:11px;background:#c93434;color:#fff;font-size:11px;font-weight:700;line-height:16px;text-align:center}
.panel{display:flex;flex-direction:column;width:372px;height:min(600px,calc(100vh - 110px));margin-bottom:14px;overflow:hidden;border:1px solid var(--line);border-radius:16px;background:var(--bg);box-shadow:0 12px 44px rgb(20 22 40/24%)}
header{display:flex;align-items:center;gap:4px;padding:14px 10px 14px 18px;background:var(--a);color:#fff}
header div{flex:1;min-width:0}
header strong{display:block;font-size:15px}
header span{display:block;overflow:hidden;font-size:12.5px;opacity:.92;text-overflow:ellipsis;white-space:nowrap}
header button{display:grid;place-items:center;width:34px;height:34px;border:0;border-radius:8px;background:none;color:inherit}
header .end{width:auto;padding:0 10px;font-size:13px}
header button:hover{background:rgb(255 255 255/16%)}
header :focus-visible,:host([dark]) header :focus-visible{outline-color:#fff}
.log{flex:1;padding:16px;overflow-y:auto;overscroll-behavior:contain}
.log:focus-visible{outline-offset:-3px}
.row{display:flex;flex-direction:column;align-items:flex-start;margin-top:10px}
.row.own{align-items:flex-end}
.row small{margin:0 4px 3px;color:var(--t2);font-size:11.5px}
.bub{max-width:82%;padding:8px 12px;border-radius:14px;background:var(--sunk);white-space:pre-wrap;overflow-wrap:anywhere}
.own .bub{background:var(--own);color:var(--ownT)}
.bub a{color:inherit}
.wait .bub{opacity:.6}
.row.sys{align-items:center;color:var(--t2);font-size:12.5px;text-align:center}
.row .fail{display:block;margin:4px;color:var(--bad);font-size:12px}
.fail button{padding:0;border:0;background:none;color:inherit;font-weight:600;text-decoration:underline}
.bub img{display:block;max-width:100%;max-height:200px;border-radius:8px}
.typing{height:20px;margin-top:8px;color:var(--t2);font-size:12.5px}
.note{padding:9px 16px;border-top:1px solid var(--line);background:var(--sunk);color:var(--t2);font-size:13px}
.note.bad{color:var(--bad)}
.sure{display:flex;align-items:center;gap:8px}
.sure span{flex:1;color:var(--t)}
.sure button{height:30px;padding:0 12px;border:1px solid var(--line);border-radius:8px;background:var(--bg)}
.sure .yes{border-color:transparent;background:#b92c2c;color:#fff}
.call form{margin:0;padding:0;border:0}
.call form:focus-within{box-shadow:none}
.call input{flex:1;min-width:0;height:30px;padding:0 10px;border:1px solid var(--line);border-radius:8px;background:var(--bg)}
.call>button{padding:0;border:0;background:none;color:inherit;font-weight:600;text-decoration:underline}
.call form button{display:inline-block;width:auto;border:1px solid var(--line);background:var(--bg);color:var(--t)}
.call form .yes{border-color:transparent;background:var(--a);color:#fff}
.who{display:grid;gap:8px;padding:12px 16px 0}
.who input{width:100%;height:38px;padding:0 12px;border:1px solid var(--line);border-radius:10px;background:var(--bg)}
input::placeholder,textarea::placeholder{color:var(--t2);opacity:1}
form{display:flex;align-items:flex-end;gap:4px;margin:10px 12px 12px;padding:4px;border:1px solid var(--line);border-radius:14px}
form:focus-within{border-color:var(--a);box-shadow:0 0 0 1px var(--a)}
textarea{flex:1;min-width:0;max-height:120px;padding:7px 6px;border:0;outline:0!important;background:none;resize:none}
form button{display:grid;flex:none;place-items:center;width:36px;height:36px;border:0;border-radius:10px;background:none;color:var(--t2)}
form button:hover:not(:disabled){background:var(--sunk)}
form .send{background:var(--a);color:#fff}
form .send:hover:not(:disabled){background:var(--a2)}
button:disabled{opacity:.45;cursor:default}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:480px){:host{right:12px;bottom:12px}.panel{position:fixed;inset:0;width:auto;height:auto;margin:0;border:0;border-radius:0}:host([open]) .launch{display:none}}
@media(prefers-reduced-motion:no-preference){.panel{animation:up .18s ease-out}@keyframes up{from{opacity:0;transform:translateY(10px)}}}
`
