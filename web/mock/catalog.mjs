// The objects and fields of the contract, briefly.
const L = (zh, en) => ({ zh, en });
const O = (value, zh, en, color) => ({ value, label: L(zh, en), color });
const OPS = {
  select: ['eq', 'ne', 'in', 'is_empty'], datetime: ['eq', 'lt', 'le', 'gt', 'ge', 'is_empty'], date: ['eq', 'lt', 'le', 'gt', 'ge', 'is_empty'], int: ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'is_empty'],
  money: ['eq', 'lt', 'le', 'gt', 'ge', 'is_empty'], bool: ['eq'], person: ['eq', 'ne', 'in', 'is_empty'], department: ['eq', 'in'], ref: ['eq', 'is_empty'], text: ['eq', 'contains', 'starts_with', 'is_empty'], duration: ['lt', 'gt'],
};
function F(name, type, cls, zh, en, more = {}) {
  const open = cls === 'open';
  return {
    name, type, class: cls, label: L(zh, en), required: false, access: 'write', sortable: open && !['ref', 'text', 'bool'].includes(type), filterable: open || (cls === 'restricted' && type !== 'address'),
    filter_ops: open ? (OPS[type] ?? ['eq']) : cls === 'restricted' && type !== 'address' ? ['eq'] : [], searchable: cls === 'confidential', system: false, ...more,
  };
}
const SYSTEM = [
  F('owner', 'person', 'open', '负责人', 'Owner', { system: true, access: 'read' }), F('department', 'department', 'open', '所属部门', 'Department', { system: true, access: 'read' }),
  F('created_at', 'datetime', 'open', '创建时间', 'Created', { system: true, access: 'read' }), F('updated_at', 'datetime', 'open', '更新时间', 'Updated', { system: true, access: 'read' }),
  F('created_by', 'person', 'open', '创建人', 'Created by', { system: true, access: 'read' }), F('updated_by', 'person', 'open', '更新人', 'Updated by', { system: true, access: 'read' }),
];
const ACTIONS = ['list', 'read', 'create', 'update', 'delete', 'assign', 'reveal', 'import', 'export'];
const object = (name, zh, en, plural, title, fields) => ({ name, label: L(zh, en), label_plural: L(zh, plural), icon: name, title_field: title, fields: [...fields, ...SYSTEM], actions: ACTIONS });
const PEOPLE_FIELDS = [F('phone', 'phone', 'restricted', '电话', 'Phone'), F('email', 'email', 'restricted', '邮箱', 'E-mail')];
export const objects = [
  object('customer', '客户', 'Customer', 'Customers', 'name', [
    F('name', 'text', 'confidential', '名称', 'Name', { required: true, max_length: 120 }), F('kind', 'select', 'open', '类型', 'Kind', { options: [O('company', '企业', 'Company'), O('person', '个人', 'Person')] }),
    F('level', 'select', 'open', '级别', 'Level', { options: [O('a', 'A', 'A', 'red'), O('b', 'B', 'B', 'orange'), O('c', 'C', 'C', 'blue'), O('d', 'D', 'D', 'default')] }),
    F('stage', 'select', 'open', '阶段', 'Stage', { options: [O('lead', '线索', 'Lead', 'default'), O('contacted', '已联系', 'Contacted', 'blue'), O('qualified', '意向', 'Qualified', 'purple'), O('active', '成交', 'Active', 'green'), O('dormant', '沉睡', 'Dormant', 'orange'), O('lost', '流失', 'Lost', 'red')] }),
    F('industry', 'select', 'open', '行业', 'Industry', { options: [O('manufacturing', '制造', 'Manufacturing'), O('medical', '医疗', 'Medical'), O('software', '软件', 'Software'), O('trade', '贸易', 'Trade'), O('logistics', '物流', 'Logistics')] }),
    F('source', 'select', 'open', '来源', 'Source', { options: [O('exhibition', '展会', 'Exhibition'), O('referral', '转介绍', 'Referral'), O('website', '官网', 'Website'), O('phone', '电话', 'Phone'), O('partner', '渠道', 'Partner')] }),
    F('region', 'select', 'open', '地区', 'Region', { options: ['上海', '北京', '广东', '浙江', '江苏', '四川', '湖北', '山东'].map((name) => O(name, name, name)) }), ...PEOPLE_FIELDS,
    F('id_number', 'id_number', 'restricted', '证件号码', 'Id number'), F('credit_code', 'text', 'open', '统一社会信用代码', 'Credit code'), F('address', 'address', 'restricted', '地址', 'Address'),
    F('website', 'url', 'confidential', '网站', 'Website'), F('note', 'long_text', 'confidential', '备注', 'Note'), F('next_contact_at', 'datetime', 'open', '下次联系', 'Next contact'), F('last_contact_at', 'datetime', 'open', '最近联系', 'Last contact', { access: 'read' }),
  ]),
  object('contact', '联系人', 'Contact', 'Contacts', 'name', [
    F('name', 'text', 'confidential', '姓名', 'Name', { required: true }), F('customer', 'ref', 'open', '客户', 'Customer', { target: 'customer' }), F('title', 'text', 'confidential', '职务', 'Title'), ...PEOPLE_FIELDS,
    F('wechat', 'text', 'restricted', '微信', 'WeChat'), F('id_number', 'id_number', 'restricted', '证件号码', 'Id number'),
    F('role', 'select', 'open', '角色', 'Role', { options: [O('decision', '决策者', 'Decision maker', 'red'), O('influencer', '影响者', 'Influencer', 'orange'), O('user', '使用者', 'User', 'blue'), O('gatekeeper', '把关者', 'Gatekeeper', 'purple'), O('other', '其他', 'Other')] }),
    F('primary', 'bool', 'open', '主要联系人', 'Primary'), F('note', 'long_text', 'confidential', '备注', 'Note'),
  ]),
  object('deal', '商机', 'Deal', 'Deals', 'title', [
    F('title', 'text', 'confidential', '名称', 'Title', { required: true }), F('customer', 'ref', 'open', '客户', 'Customer', { target: 'customer', required: true }),
    F('stage', 'select', 'open', '阶段', 'Stage', { options: [O('qualify', '初步接触', 'Qualify', 'default'), O('visit', '拜访', 'Visit', 'blue'), O('proposal', '方案报价', 'Proposal', 'purple'), O('negotiate', '谈判', 'Negotiate', 'orange'), O('won', '赢单', 'Won', 'green'), O('lost', '输单', 'Lost', 'red')] }),
    F('amount', 'money', 'open', '金额', 'Amount'), F('probability', 'int', 'open', '可能性 %', 'Probability %'), F('expected_close', 'date', 'open', '预计成交', 'Expected close'), F('closed_at', 'datetime', 'open', '关闭时间', 'Closed', { access: 'read' }),
    F('lost_reason', 'text', 'confidential', '输单原因', 'Lost because'), F('note', 'long_text', 'confidential', '备注', 'Note'),
  ]),
  object('communication', '沟通', 'Communication', 'Communications', 'subject', [
    F('channel', 'select', 'open', '渠道', 'Channel', { options: [O('email', '邮件', 'E-mail'), O('call', '电话', 'Call'), O('chat', '聊天', 'Chat'), O('meeting', '会议', 'Meeting'), O('note', '备注', 'Note')] }), F('subject', 'text', 'confidential', '主题', 'Subject'),
    F('customer', 'ref', 'open', '客户', 'Customer', { target: 'customer' }), F('contact', 'ref', 'open', '联系人', 'Contact', { target: 'contact' }), F('deal', 'ref', 'open', '商机', 'Deal', { target: 'deal' }),
    F('direction', 'select', 'open', '方向', 'Direction', { options: [O('in', '收到', 'In'), O('out', '发出', 'Out'), O('internal', '内部', 'Internal')] }), F('occurred_at', 'datetime', 'open', '时间', 'Time', { required: true }),
    F('body', 'long_text', 'confidential', '内容', 'Text'), F('duration', 'duration', 'open', '时长', 'Duration'), F('from_address', 'email', 'restricted', '发件人', 'From'), F('to_address', 'email', 'restricted', '收件人', 'To'),
    F('status', 'select', 'open', '匹配', 'Matching', { options: [O('matched', '已匹配', 'Matched', 'green'), O('unmatched', '未匹配', 'Unmatched', 'orange')] }),
  ]),
  object('task', '任务', 'Task', 'Tasks', 'title', [
    F('title', 'text', 'confidential', '标题', 'Title', { required: true }), F('status', 'select', 'open', '状态', 'Status', { options: [O('open', '待办', 'Open', 'blue'), O('done', '完成', 'Done', 'green'), O('cancelled', '取消', 'Cancelled')] }),
    F('due_at', 'datetime', 'open', '截止时间', 'Due'), F('priority', 'select', 'open', '优先级', 'Priority', { options: [O('low', '低', 'Low'), O('normal', '普通', 'Normal'), O('high', '高', 'High', 'orange'), O('urgent', '紧急', 'Urgent', 'red')] }),
    F('customer', 'ref', 'open', '客户', 'Customer', { target: 'customer' }), F('deal', 'ref', 'open', '商机', 'Deal', { target: 'deal' }), F('done_at', 'datetime', 'open', '完成时间', 'Done', { access: 'read' }), F('note', 'long_text', 'confidential', '备注', 'Note'),
  ]),
];
