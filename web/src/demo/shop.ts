// A shop's own page: its own language switch drives the widget through window.Switchboard.
const zh: Record<string, string> = {
  brand: '龙井茶器', tea: '茶叶', ware: '茶具', gifts: '礼品', help: '帮助', season: '明前春茶', headline: '值得慢下来的一杯茶',
  lead: '杭州周边小茶园，清明前采摘，两天内发货。', ask: '问问茶艺师', p1: '明前龙井', p1d: '板栗香，豌豆甜，回味悠长', p2: '桂花乌龙',
  p2d: '焙火花香，宜冲宜泡', p3: '细嘴手冲壶 0.9 升', p3d: '支持电磁炉，磨砂黑', p4: '宜兴紫砂壶 180 毫升', p4d: '手工拉坯，件件不同',
  foot: '30 天无忧退换，右下角随时咨询。',
}
const en: Record<string, string> = {}
const texts = document.querySelectorAll<HTMLElement>('[data-text]')
for (const element of texts) en[element.dataset.text!] = element.textContent ?? ''
const button = document.getElementById('language')!

function speak(language: string): void {
  const words = language === 'zh' ? zh : en
  document.documentElement.lang = language
  for (const element of texts) element.textContent = words[element.dataset.text!] ?? ''
  button.textContent = language === 'zh' ? 'English' : '中文'
  window.Switchboard?.setLanguage(language)
}

const wanted = new URLSearchParams(location.search).get('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')
speak(wanted)
addEventListener('switchboard:ready', () => window.Switchboard?.setLanguage(document.documentElement.lang))
button.addEventListener('click', () => speak(document.documentElement.lang === 'zh' ? 'en' : 'zh'))
document.getElementById('ask')!.addEventListener('click', () => window.Switchboard?.open())

export {}
