import { defineTexts } from '@/i18n/catalogue';

export const securityTexts = defineTexts('security-own', {
  title: ['我的安全', 'My security'],
  help: ['管理您的验证方式、登录会话和登录记录。', 'Your factors, sessions and sign-ins.'],

  // A second factor at sign-in
  secondTitle: ['第二步验证', 'Second step'],
  secondLead: ['请输入身份验证器应用上显示的 6 位验证码。', 'Enter the 6 digits that your authenticator app shows.'],
  recoveryLead: ['请输入一个尚未使用的恢复码。', 'Enter a recovery code that you have not used yet.'],
  code: ['验证码', 'Code'],
  recoveryCode: ['恢复码', 'Recovery code'],
  verify: ['验证', 'Verify'],
  useRecovery: ['改用恢复码', 'Use a recovery code instead'],
  useTotp: ['改用身份验证器', 'Use the authenticator instead'],
  backToPassword: ['返回重新登录', 'Back to signing in'],
  wrongCode: ['验证码不正确，或已被使用过。请等待下一个验证码。', 'The code is not right, or was used already. Wait for the next one.'],
  codeRequired: ['请输入验证码', 'Enter the code'],

  // Proving again
  againTitle: ['请确认是您本人', 'Please confirm that it is you'],
  againLead: ['这一操作较为敏感，需要重新验证身份。', 'This is sensitive, so we ask once more.'],
  againMoved: ['您的网络或浏览器与登录时不同，请重新验证身份。', 'Your network or browser differs from when you signed in.'],
  cancel: ['取消', 'Cancel'],

  // Factors
  factors: ['验证方式', 'Factors'],
  factorsHelp: ['除密码之外，再用一种只有您拥有的东西证明身份。密码被盗时，他人也无法登录。', 'Something only you have, beside your password: a stolen password alone opens nothing.'],
  none: ['尚未启用第二种验证方式', 'No second factor yet'],
  noneHelp: ['建议立即添加，一分钟即可完成。', 'Adding one takes a minute.'],
  'kind.totp': ['身份验证器应用', 'Authenticator app'],
  'kind.recovery_codes': ['恢复码', 'Recovery codes'],
  addTotp: ['添加身份验证器', 'Add an authenticator'],
  codesLeft: ['还剩 {{count}} 个', '{{count}} left'],
  newCodes: ['重新生成', 'Make new ones'],
  newCodesAsk: ['旧的恢复码将立即失效。', 'The old codes stop working at once.'],
  added: ['添加于 {{time}}', 'added {{time}}'],
  used: ['最近使用 {{time}}', 'last used {{time}}'],
  neverUsed: ['尚未使用', 'never used'],
  rename: ['重命名', 'Rename'],
  remove: ['删除', 'Remove'],
  removeAsk: ['删除“{{name}}”？您在其他设备上的登录会立即失效。', 'Remove “{{name}}”? Your sessions on other devices end at once.'],
  removed: ['已删除', 'Removed'],
  save: ['保存', 'Save'],

  // Enrolment
  mustTitle: ['启用第二种验证方式', 'Set up a second factor'],
  mustLead: ['您的岗位需要第二种验证方式。完成后即可开始工作。', 'Your office needs a second factor. Set it up and you can go on.'],
  scanTitle: ['扫描二维码', 'Scan the code'],
  scanLead: ['用任意身份验证器应用（如微信小程序“身份验证器”、Microsoft Authenticator）扫描下面的二维码。', 'Scan this with any authenticator app, for example Microsoft Authenticator or Google Authenticator.'],
  qr: ['身份验证器二维码', 'QR code for the authenticator'],
  cannotScan: ['无法扫描？手动输入密钥：', 'Cannot scan? Type this key:'],
  enterCode: ['输入应用显示的 6 位验证码', 'Enter the 6 digits it shows'],
  confirm: ['确认启用', 'Confirm'],
  factorName: ['名称', 'Name'],
  defaultName: ['我的手机', 'My phone'],
  start: ['开始设置', 'Begin'],
  codesTitle: ['保存恢复码', 'Keep your recovery codes'],
  codesLead: ['手机丢失时，用它们登录；每个只能用一次。它们只显示这一次，请打印或抄写后妥善保管。', 'They let you in when your phone is lost; each works once. They are shown only now: print them or write them down.'],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  download: ['下载', 'Download'],
  codesKept: ['我已妥善保存', 'I have kept them'],
});
