// A plausible bilingual shop, held in memory.
export const minutes = 60_000
export const hours = 60 * minutes
export const days = 24 * hours
const ago = (ms) => Date.now() - ms

export const dispositions = [
  { code: 'resolved', name_en: 'Resolved', name_zh: '已解决' },
  { code: 'sold', name_en: 'Sale made', name_zh: '已成交' },
  { code: 'follow_up', name_en: 'Needs follow-up', name_zh: '需跟进' },
  { code: 'refund', name_en: 'Refund started', name_zh: '已发起退款' },
  { code: 'wrong_number', name_en: 'Wrong number', name_zh: '打错电话' },
]
export const awayReasons = [
  { code: 'break', name_en: 'Break', name_zh: '小休' },
  { code: 'lunch', name_en: 'Lunch', name_zh: '午餐' },
  { code: 'meeting', name_en: 'Meeting', name_zh: '会议' },
  { code: 'training', name_en: 'Training', name_zh: '培训' },
]
export const queues = [
  { queue: 1, name: '售前 Sales', open: true, waiting: 2, oldest_ms: ago(47_000), agents_free: 2, agents_on: 6, answered: 148, abandoned: 6, service_level: 87, wait_average_ms: 14_200, fairness: 930 },
  { queue: 2, name: '售后 Support', open: true, waiting: 5, oldest_ms: ago(154_000), agents_free: 0, agents_on: 8, answered: 263, abandoned: 21, service_level: 64, wait_average_ms: 41_000, fairness: 810 },
  { queue: 3, name: '账单 Billing', open: true, agents_free: 1, agents_on: 3, answered: 52, abandoned: 1, service_level: 93, wait_average_ms: 9_000, fairness: 990 },
  { queue: 4, name: 'VIP', open: true, waiting: 1, oldest_ms: ago(8_000), agents_free: 1, agents_on: 2, answered: 31, service_level: 97, wait_average_ms: 4_100, fairness: 970 },
  { queue: 5, name: 'Wholesale', open: false, agents_on: 0, service_level: 255 },
]
export const agents = [
  { agent: 1, name: 'Lin Yue', presence: 'available', since_ms: ago(31 * minutes), work: 0, handled: 17, connected: true },
  { agent: 2, name: '王芳', presence: 'available', since_ms: ago(72 * minutes), work: 2, handled: 24, connected: true },
  { agent: 3, name: 'Marco Rossi', presence: 'away', reason: 'lunch', since_ms: ago(19 * minutes), handled: 13, connected: true },
  { agent: 4, name: '赵磊', presence: 'available', since_ms: ago(5 * minutes), handled: 9, connected: true },
  { agent: 5, name: 'Sofia Lindqvist', presence: 'not_responding', since_ms: ago(95_000), handled: 11, connected: false },
  { agent: 6, name: '刘洋', presence: 'available', since_ms: ago(44 * minutes), work: 1, wrap_ups: 1, handled: 19, connected: true },
  { agent: 7, name: 'Amara Okafor', presence: 'available', since_ms: ago(12 * minutes), wrap_ups: 1, handled: 15, connected: true },
  { agent: 8, name: '孙倩', since_ms: ago(3 * hours), handled: 6 },
  { agent: 9, name: 'Mei Chen', presence: 'away', reason: 'meeting', since_ms: ago(7 * minutes), connected: true },
]
export const accounts = {
  lin: { agent: 1, name: 'Lin Yue', login: 'lin', role: 'agent', language: 'en' },
  zhao: { agent: 4, name: '赵磊', login: 'zhao', role: 'agent', language: 'zh' },
  mei: { agent: 9, name: 'Mei Chen', login: 'mei', role: 'supervisor', language: 'en' },
}

export const customers = new Map()
export const tickets = new Map()
let nextCustomer = 300
let nextTicket = 4120
let nextInteraction = 90_000
let nextOffer = 500
export const newInteraction = () => ++nextInteraction
export const newOffer = () => ++nextOffer

export function addCustomer(profile) {
  const customer = ++nextCustomer
  customers.set(customer, { customer, match: 'known', tier: 0, tags: [], contacts: [], custom: [], tickets: [], interactions: [], orders: [], notes: [], merged: [], ...profile })
  return customers.get(customer)
}
export function addTicket(customer, subject, status, updated_ms, queue) {
  const ticket = ++nextTicket
  tickets.set(ticket, { ticket, customer: customer.customer, status, subject, updated_ms, opened_ms: updated_ms - 2 * days, queue, agent: 2, history: [
    { time_ms: updated_ms - 2 * days, kind: 'opened', text: subject },
    { time_ms: updated_ms - days, kind: 'interaction', agent: 6, text: 'Asked for photos' },
    { time_ms: updated_ms, kind: 'status', status, agent: 2 },
  ] })
  customer.tickets.unshift({ ticket, status, subject, updated_ms, queue, agent: 2 })
  return ticket
}

export const chen = addCustomer({
  name: '陈丽', match: 'verified', tier: 2, language: 'zh', time_zone: 'Asia/Shanghai', company: '杭州云栖茶业有限公司', lifetime_value: '¥28,460', consent: 'granted', tags: ['复购', '企业采购'],
  contacts: [{ kind: 'phone', value: '+86 138 5710 2233', verified: true }, { kind: 'email', value: 'chen.li@yunxi-tea.example', verified: true }, { kind: 'chat', value: 'wx_chenli' }],
  custom: [{ name: '客户经理', value: '王芳' }, { name: '付款条件', value: '月结 30 天' }],
  interactions: [
    { interaction: 88012, channel: 'phone', started_ms: ago(3 * days), ended_ms: ago(3 * days) + 312_000, outcome: 'resolved', queue: 2, agent: 2, preview: '询问发票抬头更改' },
    { interaction: 87455, channel: 'chat', started_ms: ago(9 * days), ended_ms: ago(9 * days) + 600_000, outcome: 'sold', queue: 1, agent: 6, preview: '龙井礼盒有 50 套以上的折扣吗？' },
    { interaction: 86102, channel: 'email', started_ms: ago(26 * days), ended_ms: ago(25 * days), outcome: 'resolved', queue: 3, agent: 7, preview: '六月对账单' },
    { interaction: 85001, channel: 'phone', started_ms: ago(41 * days), ended_ms: ago(41 * days) + 25_000, outcome: 'abandoned', queue: 2 },
  ],
  orders: [
    { number: 'SO-20931', placed_ms: ago(4 * days), status: 'shipped', total: '¥6,480.00', items: '明前龙井礼盒 ×24' },
    { number: 'SO-20417', placed_ms: ago(33 * days), status: 'delivered', total: '¥3,120.00', items: '桂花乌龙 ×40' },
    { number: 'SO-19988', placed_ms: ago(71 * days), status: 'delivered', total: '¥1,260.00', items: '白茶饼 ×6' },
    { number: 'SO-19011', placed_ms: ago(120 * days), status: 'refunded', total: '¥420.00', items: '茉莉花茶 ×10' },
  ],
  notes: [
    { text: '偏好微信联系，下午 2 点后。', agent: 2, time_ms: ago(3 * days) },
    { text: '发票需要专票，抬头见附件。', agent: 6, time_ms: ago(40 * days) },
  ],
})
export const emma = addCustomer({
  name: 'Emma Whitfield', match: 'known', tier: 1, language: 'en', time_zone: 'Europe/London', company: 'Northlight Studio', lifetime_value: '£1,912', tags: ['newsletter'],
  contacts: [{ kind: 'email', value: 'emma@northlight.example', verified: true }, { kind: 'phone', value: '+44 20 7946 0958' }],
  custom: [{ name: 'Preferred carrier', value: 'DHL Express' }],
  interactions: [
    { interaction: 87990, channel: 'email', started_ms: ago(5 * days), ended_ms: ago(5 * days) + 9_000_000, outcome: 'follow_up', queue: 2, agent: 3, preview: 'Kettle arrived with a dented lid' },
    { interaction: 84410, channel: 'chat', started_ms: ago(61 * days), ended_ms: ago(61 * days) + 420_000, outcome: 'sold', queue: 1, agent: 1, preview: 'Does the gooseneck kettle work on induction?' },
  ],
  orders: [{ number: 'SO-20888', placed_ms: ago(8 * days), status: 'delivered', total: '£129.00', items: 'Gooseneck kettle, matte black ×1' }],
  notes: [{ text: 'Photographer; happy to send pictures of damage straight away.', agent: 3, time_ms: ago(5 * days) }],
})
export const zhou = addCustomer({ name: '周建国', match: 'known', tier: 3, language: 'zh', company: '西湖酒店集团', lifetime_value: '¥310,200', contacts: [{ kind: 'phone', value: '+86 571 8800 1200', verified: true }], tags: ['重点客户'], interactions: [{ interaction: 88100, channel: 'phone', started_ms: ago(days), ended_ms: ago(days) + 189_000, outcome: 'follow_up', queue: 4, agent: 1, preview: '确认月底送货时间' }], orders: [{ number: 'SO-20950', placed_ms: ago(2 * days), status: 'processing', total: '¥48,000.00', items: '客房茶包 ×2000' }] })
export const daniel = addCustomer({ name: 'Daniel Okoye', match: 'known', language: 'en', contacts: [{ kind: 'email', value: 'd.okoye@example.com' }], orders: [] })
addCustomer({ name: 'Emma W.', match: 'known', language: 'en', contacts: [{ kind: 'chat', value: 'visitor-7f21' }], interactions: [] })
addCustomer({ name: '陈立', match: 'known', language: 'zh', contacts: [{ kind: 'phone', value: '+86 139 0000 1122' }] })
addTicket(chen, '礼盒外包装破损，申请补发', 'open', ago(3 * hours), 2)
addTicket(chen, '更改发票抬头', 'pending', ago(3 * days), 3)
addTicket(emma, 'Dented lid on gooseneck kettle', 'open', ago(22 * minutes), 2)

const line = (number, author, name, text, agoMs, more = {}) => ({ number, author, name, text, time_ms: ago(agoMs), ...more })
export const transcripts = new Map([
  [88012, [line(1, 'system', '', 'Call recording started', 3 * days)]],
  [87455, [line(1, 'customer', '陈丽', '龙井礼盒有 50 套以上的折扣吗？', 9 * days), line(2, 'agent', '刘洋', '有的，50 套以上九折，100 套以上八五折。', 9 * days - 40_000, { agent: 6 })]],
])
export const chatOfChen = () => [
  line(1, 'customer', '陈丽', '你好，昨天收到的礼盒有两套外包装压坏了，里面的茶罐也变形了。', days + 40 * minutes),
  line(2, 'agent', '王芳', '您好陈女士，非常抱歉！请问方便拍几张照片吗？我先帮您登记。', days + 38 * minutes, { agent: 2 }),
  line(3, 'customer', '陈丽', '', days + 36 * minutes, { attachment: { id: 'box-photo', name: '破损礼盒.png', media_type: 'image/png', bytes: 184_320 } }),
  line(4, 'system', '', '由 王芳 转接', 6 * minutes),
  line(5, 'customer', '陈丽', '补发的能在周五之前到吗？我们周六有活动，需要全部 24 套。', 4 * minutes),
  line(6, 'customer', '陈丽', '另外物流单号是 https://track.example/SF1234567890 这个吗？', 3 * minutes + 30_000),
  line(7, 'agent', 'Lin Yue', '是的，就是这个单号。我查一下补发的库存，请稍等。', 2 * minutes, { agent: 1 }),
  line(8, 'customer', '陈丽', '好的，谢谢！', 70_000),
]
export const chatOfEmma = () => [
  line(1, 'customer', 'Emma Whitfield', 'Hi! I wrote last week about the dented lid on my kettle (SO-20888). Any news on the replacement?', 9 * minutes),
  line(2, 'agent', 'Lin Yue', 'Hello Emma, let me look at that for you. One moment, please.', 8 * minutes, { agent: 1 }),
  line(3, 'agent', 'Lin Yue', 'I can see the photos. The lid is in stock, so I can send it today by DHL Express, at no cost.', 7 * minutes, { agent: 1 }),
  line(4, 'customer', 'Emma Whitfield', 'That would be perfect, thank you.', 2 * minutes),
  line(5, 'customer', 'Emma Whitfield', 'Could you also add the brush set to the same parcel?', 100_000),
]
