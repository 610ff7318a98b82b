import { defineTexts } from '@/i18n/catalogue';

export const deviceTexts = defineTexts('devices', {
  title: ['我的设备', 'My devices'],
  help: [
    '登记后，本浏览器持有一把不可导出的密钥：即使登录凭证被窃取，没有这台设备也无法查看明文或更改设置。',
    'An enrolled browser holds a key that cannot be copied: a stolen session alone reveals and changes nothing.',
  ],
  empty: ['还没有登记设备', 'No device is enrolled'],
  emptyHelp: ['登记您正在使用的浏览器，只需几秒。', 'Enrol the browser you are using; it takes seconds.'],
  enrol: ['登记本浏览器', 'Enrol this browser'],
  name: ['设备名称', 'Name of the device'],
  nameHelp: ['例如：办公室台式机', 'For example: office desktop'],
  nameRequired: ['请输入设备名称', 'Name the device'],
  enrolled: ['已登记，可以使用', 'Enrolled and ready'],
  waits: ['已登记，等待安全管理员批准', 'Enrolled; it waits for the security administrator'],
  current: ['当前设备', 'This device'],
  'state.pending': ['待批准', 'Waiting'],
  'state.approved': ['已信任', 'Trusted'],
  'state.revoked': ['已吊销', 'Revoked'],
  company: ['公司设备', 'Company device'],
  lastSeen: ['最近使用 {{when}}', 'Last used {{when}}'],
  revoke: ['吊销', 'Revoke'],
  revokeAsk: ['吊销设备「{{name}}」？', 'Revoke “{{name}}”?'],
  revokeWhy: ['该设备上的登录会立即失效，并且不能再恢复。', 'Its sessions end at once, and it cannot be trusted again.'],
  revoked: ['已吊销', 'Revoked'],

  'refused.network_role': ['您的岗位不能在此网络工作', 'Your role does not work from this network'],
  'refused.network_role.help': [
    '公司规定您的岗位只能在指定网络使用本系统。请回到公司网络，或联系安全管理员。',
    'The company lets your role work from certain networks only. Return to one of them, or ask the security administrator.',
  ],
  'refused.network_unknown': ['此网络不在公司允许的范围内', 'The company does not know this network'],
  'refused.network_unknown.help': [
    '请连接公司网络或 VPN 后重试；如需在此处工作，请联系安全管理员。',
    'Connect to a company network or VPN and try again; to work from here, ask the security administrator.',
  ],
  'refused.network_country': ['不能在当前国家或地区使用', 'Nobody works from this country or region'],
  'refused.network_country.help': ['如需出差使用，请提前联系安全管理员。', 'Ask the security administrator before you travel.'],
  'refused.must_give_factor': ['在公司网络以外需要第二种验证方式', 'Away from the company’s networks a second factor is needed'],
  'refused.must_give_factor.help': [
    '请先在公司网络中启用第二种验证方式，再从此处登录；或联系安全管理员。',
    'Enrol a second factor from a company network first, then sign in from here; or ask the security administrator.',
  ],
  'refused.must_use_device': ['此设备未经批准', 'This device is not approved'],
  'refused.must_use_device.help': [
    '您的岗位只能在经过批准的设备上工作。请登记本浏览器，然后请安全管理员批准。',
    'Your role works on approved devices only. Enrol this browser, then ask the security administrator to approve it.',
  ],
  'refused.device_pending': ['此设备正在等待批准', 'This device waits for approval'],
  'refused.device_pending.help': [
    '请联系安全管理员批准此设备，批准后点击“重新检查”即可使用。',
    'Ask the security administrator to approve it; then press “Check again”.',
  ],
  'refused.device_not_company': ['只能使用公司设备', 'Only devices of the company may be used'],
  'refused.device_not_company.help': [
    '此设备不属于公司。请改用公司设备；如果这就是公司设备，请安全管理员标记。',
    'This device is not the company’s. Use one that is; if this one is, ask the security administrator to say so.',
  ],
  again: ['重新检查', 'Check again'],
  signOut: ['退出登录', 'Sign out'],
});
