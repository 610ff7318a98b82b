// Believable rows for the mock, from one seed.
import { randomUUID } from 'node:crypto';

let seed = 42;
export const random = () => {
  seed = (seed * 1664525 + 1013904223) % 4294967296;
  return seed / 4294967296;
};
export const pick = (list) => list[Math.floor(random() * list.length)];
const between = (from, to) => from + Math.floor(random() * (to - from + 1));
const DAY = 86_400_000;
export const now = Date.now();
const iso = (ms) => new Date(ms).toISOString();

const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
const GIVEN = ['伟', '芳', '娜', '敏', '静', '磊', '强', '洋', '艳', '勇', '军', '杰', '娟', '涛', '明', '超', '秀兰', '霞', '建国', '志强', '雨桐', '子涵', '浩然', '欣怡'];
const CITIES = ['上海', '北京', '深圳', '杭州', '苏州', '南京', '广州', '成都', '武汉', '宁波', '青岛', '无锡'];
const TRADES = ['精密机械', '新材料', '医疗器械', '智能科技', '食品', '国际贸易', '物流', '电子', '环保工程', '纺织', '汽车零部件', '软件'];
const REGIONS = ['上海', '北京', '广东', '浙江', '江苏', '四川', '湖北', '山东'];
const NAMES = ['华', '信', '达', '恒', '瑞', '盛', '远', '诚', '安', '泰'];
export const personName = () => pick(SURNAMES) + pick(GIVEN);
const companyName = () => `${pick(CITIES)}${pick(NAMES)}${pick(NAMES)}${pick(TRADES)}有限公司`;
const phone = () => `1${pick(['38', '39', '36', '86', '77', '59'])}${String(between(0, 99999999)).padStart(8, '0')}`;

export const departments = [
  { id: randomUUID(), name: '守信示范公司', parent_id: null },
];
for (const name of ['华东销售部', '华南销售部', '北方销售部', '客户服务部', '信息安全部', '审计部']) departments.push({ id: randomUUID(), name, parent_id: departments[0].id });
const roleOf = (i) => (i === 0 ? ['manager'] : i === 1 ? ['system'] : i === 2 ? ['security'] : i === 3 ? ['audit'] : i < 12 ? ['service'] : ['sales']);
export const people = Array.from({ length: 60 }, (_, i) => {
  const department = i === 1 || i === 2 ? departments[5] : i === 3 ? departments[6] : departments[1 + (i % 4)];
  return {
    id: randomUUID(), name: i === 0 ? '张伟' : personName(), login: i === 0 ? 'zhang.wei' : `user${i}`, status: i > 56 ? 'left' : 'active',
    departments: [{ id: department.id, name: department.name }], manager: null, roles: roleOf(i), language: 'zh',
    last_sign_in_at: iso(now - between(0, 20) * DAY), must_change_password: false, created_at: iso(now - 400 * DAY), version: 1,
  };
});
const sellers = people.filter((person) => ['sales', 'manager'].includes(person.roles[0]));

const base = (created, owner) => ({
  id: randomUUID(), version: 1, owner: owner.id, department: owner.departments[0].id, created_at: iso(created), updated_at: iso(Math.min(now, created + between(0, 40) * DAY)), created_by: owner.id, updated_by: owner.id,
});
const SUBJECTS = ['关于报价单的确认', '年度框架合同', '样品寄送安排', '付款进度沟通', '技术参数答疑', '拜访时间确认', '售后问题反馈', '新品介绍', '招标文件补充', '发票开具'];
const BODIES = [
  '您好,附件是我们更新后的报价单,请查收。如对交期和付款方式有疑问,欢迎随时联系,我们希望本周内能够确认。',
  '客户表示对价格基本认可,但希望把账期从30天延长到60天,需要内部评审。下周三前给答复。',
  '今天和采购负责人、技术负责人一起开了会,主要讨论了验收标准和安装计划。客户要求十二月中旬前完成首批交付。',
  '电话沟通了样品测试结果,整体满意,个别尺寸需要微调,已安排工程师跟进。',
  '客户询问年底促销政策,已发送资料,约定下周上门拜访。',
  '确认收到首付款,安排生产排期,预计15个工作日发货。',
];

export const tables = { customer: [], contact: [], deal: [], communication: [], task: [] };
for (let i = 0; i < 5000; i += 1) {
  const owner = pick(sellers);
  const kind = random() < 0.9 ? 'company' : 'person';
  tables.customer.push({
    ...base(now - between(1, 700) * DAY - between(0, DAY), i < 400 ? people[0] : owner), name: kind === 'company' ? companyName() : personName(), kind, level: pick(['a', 'b', 'b', 'c', 'c', 'd']),
    stage: pick(['lead', 'lead', 'contacted', 'qualified', 'active', 'active', 'dormant', 'lost']), industry: pick(['manufacturing', 'medical', 'software', 'trade', 'logistics']),
    source: pick(['exhibition', 'referral', 'website', 'phone', 'partner']), region: pick(REGIONS), phone: phone(), email: `contact${i}@example.com`,
    id_number: kind === 'person' ? `31010119${between(60, 99)}0${between(1, 9)}${between(10, 28)}${between(1000, 9999)}` : null,
    credit_code: kind === 'company' ? `91310000MA1${between(1000000, 9999999)}` : null, address: `${pick(CITIES)}市${pick(['人民', '解放', '中山', '建设'])}路${between(1, 900)}号`,
    website: random() < 0.5 ? `https://www.example${i}.com` : null, note: random() < 0.3 ? pick(BODIES) : null,
    next_contact_at: random() < 0.6 ? iso(now + between(-10, 20) * DAY) : null, last_contact_at: random() < 0.8 ? iso(now - between(0, 60) * DAY) : null,
  });
}
const ownerOf = (row) => people.find((person) => person.id === row.owner);
for (const customer of tables.customer) {
  const owner = ownerOf(customer);
  const created = Date.parse(customer.created_at);
  const contacts = Array.from({ length: between(1, 3) }, (_, i) => ({
    ...base(created, owner), customer: customer.id, name: personName(), title: pick(['采购经理', '总经理', '技术总监', '财务主管', '项目经理']), phone: phone(), email: `p${between(1, 99999)}@example.com`,
    wechat: `wx_${between(1000, 9999)}`, id_number: null, role: pick(['decision', 'influencer', 'user', 'gatekeeper', 'other']), primary: i === 0, note: null,
  }));
  tables.contact.push(...contacts);
  const deals = random() < 0.4 ? [{
    ...base(created + 5 * DAY, owner), customer: customer.id, title: `${pick(TRADES)}${pick(['采购', '年度框架', '扩容', '维保', '升级'])}项目`, stage: pick(['qualify', 'visit', 'visit', 'proposal', 'negotiate', 'won', 'lost']),
    amount: between(5, 900) * 1000_00, probability: pick([10, 30, 50, 70, 90]), expected_close: iso(now + between(-20, 120) * DAY).slice(0, 10), closed_at: null, lost_reason: null, note: null,
  }] : [];
  tables.deal.push(...deals);
  for (let k = between(0, 8); k > 0; k -= 1) {
    const channel = pick(['email', 'call', 'chat', 'meeting', 'note']);
    const at = now - Math.floor(random() ** 2 * 200 * DAY);
    tables.communication.push({
      ...base(at, owner), customer: customer.id, contact: pick(contacts).id, deal: deals[0]?.id ?? null, channel, direction: channel === 'note' ? 'internal' : pick(['in', 'out']), occurred_at: iso(at),
      subject: pick(SUBJECTS), body: pick(BODIES), duration: channel === 'call' ? between(30, 1800) : null, from_address: channel === 'email' ? 'a@example.com' : null, to_address: channel === 'email' ? 'b@example.com' : null, status: 'matched',
    });
  }
  if (random() < 0.3) {
    const done = random() < 0.4;
    tables.task.push({
      ...base(created, owner), customer: customer.id, deal: null, title: `${pick(['回访', '寄送样品给', '发送报价给', '准备合同:', '确认付款:'])}${customer.name.slice(0, 6)}`, due_at: iso(now + between(-6, 10) * DAY),
      done_at: done ? iso(now - DAY) : null, status: done ? 'done' : 'open', priority: pick(['low', 'normal', 'normal', 'high', 'urgent']), note: null,
    });
  }
}
for (let i = 0; i < 12; i += 1) {
  tables.communication.push({ ...base(now - i * 3600_000, people[0]), customer: null, contact: null, deal: null, channel: 'email', direction: 'in', occurred_at: iso(now - i * 3600_000), subject: pick(SUBJECTS), body: pick(BODIES), duration: null, from_address: `unknown${i}@example.org`, to_address: 'sales@example.com', status: 'unmatched' });
}
