import { expect, field, LIST, path, row, test, visit } from '../fixtures/test';

const BOTS = '/dashboard/bots';

test('creating, editing and deleting a bot updates LiveKit', async ({ page, server, accessible }) => {
  await visit(page, BOTS);
  await expect(page.getByText('No bots yet')).toBeVisible();
  await accessible(page, 'no bots');
  await page.getByRole('link', { name: 'Add the first bot' }).click();
  await accessible(page, 'create bot');
  await page.getByRole('button', { name: 'Create bot' }).click();
  await expect(field(page, 'Name')).toBeFocused();
  await expect(page.getByText('2 fields need attention')).toBeVisible();
  await field(page, 'Name').fill('Concierge');
  await field(page, 'Agent name').fill('concierge-v1');
  await field(page, 'Metadata').fill('{"language": ');
  await page.getByRole('button', { name: 'Create bot' }).click();
  await expect(page.getByText('This starts like JSON, but is not')).toBeVisible();
  await expect(field(page, 'Metadata')).toBeFocused();
  await accessible(page, 'create bot with a fault');
  await field(page, 'Metadata').fill('{"language": "en"}');
  await page.getByRole('button', { name: 'Create bot' }).click();
  await expect(row(page, 'Concierge')).toContainText('concierge-v1');
  expect(path(page)).toBe(BOTS);
  const bot = (await server.get('/bots')).items[0];
  expect(bot).toMatchObject({ name: 'Concierge', agent_name: 'concierge-v1', metadata: '{"language": "en"}' });

  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  // The count is updated without a reload.
  await expect(row(page, 'Concierge').getByRole('cell').nth(2)).toContainText('1');
  await accessible(page, 'bots');
  expect((await server.livekitState()).rules).toEqual([
    { trunk: 'Twilio to Concierge', agent: 'concierge-v1', metadata: '{"language": "en"}' },
  ]);

  await row(page, 'Concierge').getByRole('cell').nth(1).click({ force: true });
  await expect(page.getByText('Answers 1 number.')).toBeVisible();
  expect(path(page)).toBe(`${BOTS}/${bot.id}`);
  await accessible(page, 'bot');
  await field(page, 'Agent name').fill('concierge-v2');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(row(page, 'Concierge')).toContainText('concierge-v2');
  await expect.poll(async () => (await server.livekitState()).rules[0]?.agent).toBe('concierge-v2');
  expect((await server.livekitState()).rules).toHaveLength(1);

  await page.getByRole('link', { name: 'Concierge' }).click();
  await page.getByRole('link', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Concierge' });
  await expect(dialog).toContainText('One number loses its bot');
  await expect(dialog.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'delete bot');
  await dialog.getByRole('button', { name: 'Delete bot' }).click();
  await expect(page.getByText('No bots yet')).toBeVisible();
  expect((await server.get('/bots')).total).toBe(0);
  await expect.poll(async () => (await server.livekitState()).rules).toEqual([]);
  await expect.poll(async () => (await server.livekitState()).inbound).toEqual([]);
  await visit(page, `${LIST}/${carrier.id}`);
  await expect(row(page, '+1 415-555-0134')).toContainText('No bot: calls are rejected');
});

test('conflicting edits of a bot are shown, and either can be kept', async ({ page, colleague, server, guard }) => {
  const bot = await server.bot('Concierge');
  await visit(page, `${BOTS}/${bot.id}`);
  await visit(colleague, `${BOTS}/${bot.id}`);
  await field(page, 'Agent name').fill('mine');
  await field(colleague, 'Agent name').fill('theirs');
  await colleague.getByRole('button', { name: 'Save changes' }).click();
  await expect(row(colleague, 'Concierge')).toContainText('theirs');
  await expect(field(page, 'Agent name')).toHaveValue('mine');
  guard.expectRefusal(409, /^\/api\/fn\/bots\/update$/);
  await page.getByRole('button', { name: 'Save changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Someone else saved this bot' });
  await expect(dialog.getByRole('row', { name: /Agent name/i })).toContainText(/theirs\s*mine/);
  // Back in the form the conflict is unresolved, so saving shows it again.
  await dialog.getByRole('button', { name: 'Back to editing' }).click();
  await expect(dialog).toBeHidden();
  await expect(field(page, 'Agent name')).toHaveValue('mine');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await dialog.getByRole('link', { name: 'Take theirs' }).click();
  await expect(dialog).toBeHidden();
  await expect(field(page, 'Agent name')).toHaveValue('theirs');
  await field(page, 'Agent name').fill('agreed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(row(page, 'Concierge')).toContainText('agreed');
  expect((await server.get(`/bots/${bot.id}`)).agent_name).toBe('agreed');
});

test('typed values are kept when the session ends or the connection fails', async ({ page, server, guard }) => {
  await visit(page, `${BOTS}/create`);
  await field(page, 'Name').fill('Patient');
  await field(page, 'Agent name').fill('patient');
  guard.expectOffline();
  await page.route('**/api/fn/bots/create', (route) => route.abort());
  await page.getByRole('button', { name: 'Create bot' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The server does not answer' })).toBeVisible();
  await page.unroute('**/api/fn/bots/create');
  await expect(field(page, 'Name')).toHaveValue('Patient');

  guard.expectRefusal(401, /^\/api\/(v1|fn)\//);
  await server.send('POST', '/auth/logout');
  await page.getByRole('button', { name: 'Create bot' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Log in in another tab' })).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('Patient');
  await expect(field(page, 'Agent name')).toHaveValue('patient');
  expect(path(page)).toBe(`${BOTS}/create`);
});

test('changes by others do not replace a form with typed values', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier();
  await visit(page, `${BOTS}/${bot.id}`);
  await field(page, 'Agent name').fill('half-typ');
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  await expect(field(page, 'Agent name')).toHaveValue('half-typ');

  await field(page, 'Name').fill('');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.locator('#bot-name-error')).toBeVisible();
  // The list is updated; this page keeps its form.
  const other = await page.context().newPage();
  await visit(other, BOTS);
  await server.number(carrier, '+14155550135', { bot_id: bot.id });
  await expect(row(other, 'Concierge').getByRole('cell').nth(2)).toContainText('2');
  await expect(page.locator('#bot-name-error')).toBeVisible();
  await expect(field(page, 'Agent name')).toHaveValue('half-typ');
  await field(page, 'Name').fill('Porter');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(row(page, 'Porter')).toContainText('half-typ');
});

test('SIP headers of a call are previewed with the typed settings', async ({ page, server, accessible }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  await visit(page, `${BOTS}/${bot.id}`);
  const preview = field(page, 'Preview: Headers of a Call');
  await preview.fill('INVITE sip:concierge@example.com SIP/2.0\nX-Customer-ID: C-1042\nX-Tier: gold\nX-Secret: 7');
  await expect(page.getByText('SIP headers are switched off')).toBeVisible();
  await page.getByRole('switch', { name: 'SIP Headers as Variables' }).check();
  await expect(page.getByText('None of these headers is allowed')).toBeVisible();
  await field(page, 'Allowed Headers').fill('X-Customer-ID x-tier ');
  const variables = page.getByRole('table', { name: 'Variables' });
  await expect(variables.getByRole('row', { name: /sip_header_x_customer_id/ })).toContainText(/C-1042\s*No/);
  await expect(variables).not.toContainText('x_secret');
  await field(page, 'Headers Repeated on Transfer').fill('X-Customer-ID,');
  await expect(variables.getByRole('row', { name: /sip_header_x_customer_id/ })).toContainText(/C-1042\s*Yes/);
  await field(page, 'Longest Value').fill('2');
  await expect(variables.getByRole('row', { name: /sip_header_x_tier/ })).toContainText(/go\s*No/);
  await field(page, 'Longest Value').fill('many');
  await expect(page.getByText('Correct the fields above to see the variables.')).toBeVisible();
  await field(page, 'Longest Value').fill('64');
  await accessible(page, 'bot with a preview of headers');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await expect(row(page, 'Concierge')).toBeVisible();
  expect((await server.get(`/bots/${bot.id}`)).sip_header_config).toEqual({
    enabled: true,
    allowed_headers: ['X-Customer-ID', 'x-tier'],
    transfer_passthrough_headers: ['X-Customer-ID'],
    max_value_length: 64,
  });
  await server.waitForStatus(carrier, 'synced');
  expect((await server.livekit()).inbound[0].headers_to_attributes).toMatchObject({
    'x-tier': 'sip.h.x-tier',
    'X-Call-ID': 'sip.h.x-call-id',
  });
});

test('bot of the fleet needs no agent, and its configuration is checked', async ({ page, server, accessible }) => {
  await visit(page, `${BOTS}/create`);
  await field(page, 'Name').fill('Concierge');
  await page.getByRole('radio', { name: /^Fleet/ }).check({ force: true });
  const config = field(page, 'Configuration');
  await config.fill('{"max_call_duration_seconds": 0}');
  await config.blur();
  await expect(page.getByText('max_call_duration_seconds is a whole number from 1 to 86400.')).toBeVisible();
  await page.getByText('Known Keys').click();
  await expect(page.getByText('The instructions of the language model')).toBeVisible();
  await accessible(page, 'create bot with a fault in its configuration');
  await config.fill('{"max_call_duration_seconds": 90, "voice": {"id": 7}}');
  await expect(page.getByText('max_call_duration_seconds is a whole number')).toBeHidden();
  await page.getByRole('button', { name: 'Create Bot' }).click();
  await expect(row(page, 'Concierge')).toContainText('Fleet');
  const bot = await server.get(`/bots/${(await server.get('/bots')).items[0].id}`);
  expect(bot).toMatchObject({
    answered_by: 'fleet',
    agent_name: null,
    runtime_config: { max_call_duration_seconds: 90, voice: { id: 7 } },
  });
  const carrier = await server.carrier();
  await server.number(carrier, '+14155550134', { bot_id: bot.id });
  await server.waitForStatus(carrier, 'synced');
  expect((await server.livekitState()).rules).toEqual([{ trunk: 'Twilio to Concierge', agent: '', metadata: '' }]);
});
