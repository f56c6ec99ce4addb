import { EMAIL, expect, field, LIST, EMPTY_LIVEKIT, PASSWORD, path, test, visit } from '../fixtures/test';

const CREATE = `${LIST}/create`;

test('new carrier is synced without a reload and gets trunks with its first number', async ({
  page,
  server,
  accessible,
}) => {
  await server.bot('Concierge');
  await visit(page, LIST);
  await page.getByRole('link', { name: 'Add Carrier' }).click();
  await expect(page.getByRole('heading', { name: 'Add Carrier' })).toBeVisible();
  for (const section of ['Connection Settings', 'Authentication', 'Rate Limiting']) {
    await expect(page.getByRole('heading', { name: section })).toBeVisible();
  }
  await expect(page.getByText('LiveKit trunks are created automatically after saving, as soon as the carrier has a phone number.')).toBeVisible();
  await accessible(page, 'create');

  await field(page, 'Name').fill('  Twilio US East ');
  await field(page, 'SIP Address').fill('Acme.pstn.twilio.com:5061');
  await field(page, 'Transport').selectOption('tls');
  await field(page, 'Destination Country').selectOption({ label: 'United States' });
  await field(page, 'Username').fill('acme');
  await field(page, 'Password').fill('s3cret-pass');
  await field(page, 'Allowed IPs').fill('54.172.60.0/30');
  await field(page, 'Allowed IPs').press('Enter');
  await field(page, 'Outbound CPS').fill('2.5');
  await field(page, 'Outbound Burst').fill('20');
  await field(page, 'Outbound Channels').fill('100');
  await expect(page.getByText('Unsaved changes')).toBeVisible();
  await page.getByRole('button', { name: 'Create Carrier' }).click();

  await expect(page.getByRole('heading', { name: 'Twilio US East', level: 1 })).toBeVisible();
  const carrier = await server.carrierNamed('Twilio US East');
  expect(path(page)).toBe(`${LIST}/${carrier.id}`);
  expect(carrier).toMatchObject({
    sip_address: 'acme.pstn.twilio.com:5061',
    transport: 'tls',
    destination_country: 'US',
    auth_username: 'acme',
    auth_password: '********',
    allowed_addresses: ['54.172.60.0/30'],
    outbound_cps: 2.5,
    outbound_burst: 20,
    outbound_channels: 100,
    dids: [],
  });
  await expect(page.getByText('No trunks yet: add a phone number', { exact: true })).toBeVisible();
  // A LiveKit trunk without numbers would accept all of them.
  await server.expectLivekit(EMPTY_LIVEKIT);

  await page.getByRole('link', { name: 'Add Number', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  await field(dialog, 'Phone Number').fill('+1 (415) 555-0134');
  await field(dialog, 'Assign Bot').selectOption({ label: 'Concierge' });
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(page.getByRole('cell', { name: '+1 415-555-0134', exact: true })).toBeVisible();
  await expect(page.getByText('Outbound trunk')).toBeVisible();
  await expect(page.getByText('Inbound trunk')).toBeVisible();
  const livekit = await server.livekitState();
  expect(livekit.outbound).toEqual([
    { name: 'Twilio US East', address: 'acme.pstn.twilio.com:5061', numbers: ['+14155550134'], username: 'acme' },
  ]);
  expect(livekit.inbound).toMatchObject([
    { name: 'Twilio US East to Concierge', addresses: ['54.172.60.0/30'], username: 'acme' },
  ]);
  expect(livekit.inbound[0].numbers).toContain('+14155550134');
  expect(livekit.rules).toMatchObject([{ trunk: 'Twilio US East to Concierge', agent: 'concierge' }]);
  const synced = await server.carrierNamed('Twilio US East');
  await expect(page.getByText(synced.lk_outbound_trunk_id)).toBeVisible();
  await expect(page.getByText(synced.lk_inbound_trunk_id)).toBeVisible();
});

test('SIP address is validated while typing', async ({ page }) => {
  await visit(page, CREATE);
  const address = field(page, 'SIP Address');
  const wrong = (text: string | RegExp) => expect(page.locator('#carrier-sip_address-error')).toHaveText(text);
  // A fault that more typing cannot resolve is shown at once…
  await address.pressSequentially('sip:a');
  await wrong('Remove the scheme: use a');
  await expect(address).toHaveAttribute('aria-invalid', 'true');
  await expect(address).toHaveAttribute('aria-describedby', /carrier-sip_address-error/);
  await address.fill('acme@gw.example');
  await wrong(/Remove the user/);
  await address.fill('gw.example;transport=tcp');
  await wrong(/Remove the parameters/);
  await address.fill('gw.example');
  await expect(page.locator('#carrier-sip_address-error')).toHaveCount(0);
  // …an incomplete value only on blur, and from then on at every key.
  await visit(page, CREATE);
  await address.pressSequentially('gw.example:');
  await expect(page.locator('#carrier-sip_address-error')).toHaveCount(0);
  await address.press('Tab');
  await wrong('The port is a number from 1 to 65535.');
  await address.focus();
  await address.press('End');
  await page.keyboard.type('5060');
  await expect(page.locator('#carrier-sip_address-error')).toHaveCount(0);
  await page.keyboard.type('0');
  await expect(page.locator('#carrier-sip_address-error')).toHaveCount(0);
  await page.keyboard.type('0');
  await wrong('The port is a number from 1 to 65535.');
});

test('allowed addresses become tags; an invalid one is marked with the reason', async ({
  page,
  server,
  accessible,
}) => {
  await visit(page, CREATE);
  const entry = field(page, 'Allowed IPs');
  const tags = page.locator('.tag-text');
  await entry.pressSequentially('203.0.113.7');
  await entry.press('Enter');
  await entry.pressSequentially('203.0.113.8,');
  await entry.pressSequentially('2001:db8::/48 ');
  await expect(tags).toHaveText(['203.0.113.7', '203.0.113.8', '2001:db8::/48']);
  expect(path(page)).toBe(CREATE);

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText('198.51.100.1, 198.51.100.2\n198.51.100.3\t203.0.113.7'));
  await entry.press('Control+V');
  await expect(tags).toHaveText(['203.0.113.7', '203.0.113.8', '2001:db8::/48', '198.51.100.1', '198.51.100.2', '198.51.100.3']);
  await expect(entry).toHaveValue('');
  await entry.press('Backspace');
  await expect(tags).toHaveCount(5);
  // The list is one stop of the Tab key; arrows move within it.
  await entry.press('ArrowLeft');
  await expect(page.getByRole('button', { name: 'Edit 198.51.100.2' })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'Edit 203.0.113.7' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await expect(tags).toHaveText(['203.0.113.7', '2001:db8::/48', '198.51.100.1', '198.51.100.2']);
  await expect(entry).toBeFocused();

  await entry.pressSequentially('gw.plivo.com,');
  await expect(page.locator('.tag-bad')).toHaveText('gw.plivo.com');
  await expect(page.locator('#carrier-allowed_addresses-error')).toContainText('gw.plivo.com is a host name');
  await accessible(page, 'create with a bad tag');

  await field(page, 'Name').fill('Plivo');
  await field(page, 'SIP Address').fill('in.zt.plivo.com');
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(entry).toBeFocused();
  await expect(page.getByText('One field needs attention')).toBeVisible();

  // A tag can be edited, and text in the box becomes a tag on blur.
  await page.getByRole('button', { name: 'Edit gw.plivo.com, which is not valid' }).click();
  await expect(entry).toHaveValue('gw.plivo.com');
  await entry.fill('203.0.113.99');
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.getByRole('heading', { name: 'Plivo', level: 1 })).toBeVisible();
  expect((await server.carrierNamed('Plivo')).allowed_addresses.sort()).toEqual(
    ['198.51.100.1', '198.51.100.2', '2001:db8::/48', '203.0.113.7', '203.0.113.99'].sort(),
  );
});

test('rate limits out of range are rejected at their fields', async ({ page, server }) => {
  await visit(page, CREATE);
  await field(page, 'Name').fill('Bounded');
  await field(page, 'SIP Address').fill('gw.example');
  const bounds: [string, string, string[], string[]][] = [
    ['Outbound CPS', 'outbound_cps', ['0', '0.05', '100.1', 'ten', ''], ['0.1', '100']],
    ['Outbound Burst', 'outbound_burst', ['0', '1001', '1.5', ''], ['1', '1000']],
    ['Outbound Channels', 'outbound_channels', ['0', '501', '-3', ''], ['1', '500']],
  ];
  for (const [label, name, refused, taken] of bounds) {
    const fault = page.locator(`#carrier-${name}-error`);
    for (const value of refused) {
      await field(page, label).fill(value);
      await field(page, label).blur();
      await expect(fault, `${label} ${value}`).toBeVisible();
    }
    for (const value of taken) {
      await field(page, label).fill(value);
      await field(page, label).blur();
      await expect(fault, `${label} ${value}`).toHaveCount(0);
    }
  }
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.getByRole('heading', { name: 'Bounded', level: 1 })).toBeVisible();
  expect(await server.carrierNamed('Bounded')).toMatchObject({ outbound_cps: 100, outbound_burst: 1000, outbound_channels: 500 });
});

test('empty form marks and counts the required fields and focuses the first', async ({ page, server, accessible }) => {
  await visit(page, CREATE);
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(field(page, 'Name')).toBeFocused();
  await expect(page.getByText('Enter a name, such as Twilio US East.')).toBeVisible();
  await expect(page.getByText("Enter the carrier's SIP address")).toBeVisible();
  await expect(page.getByText('2 fields need attention')).toBeVisible();
  await accessible(page, 'create with faults');

  // A username requires a password.
  await field(page, 'Name').fill('Half');
  await field(page, 'SIP Address').fill('gw.example');
  await field(page, 'Username').fill('acme');
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(field(page, 'Password')).toBeFocused();
  await expect(page.getByText('Enter the password that belongs to the username')).toBeVisible();
  await expect(page.getByText('One field needs attention')).toBeVisible();
  await field(page, 'Username').fill('');
  await field(page, 'Password').fill('secret');
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(field(page, 'Username')).toBeFocused();
  await expect(page.getByText('Enter the username that belongs to the password.')).toBeVisible();
  expect((await server.get('/carriers')).total).toBe(0);
});

test('typed values are kept when the session has ended', async ({ page, server, guard }) => {
  await visit(page, CREATE);
  await field(page, 'Name').fill('Patient');
  await field(page, 'SIP Address').fill('gw.example');
  await field(page, 'Allowed IPs').fill('203.0.113.7');
  await field(page, 'Allowed IPs').press('Enter');
  guard.expectRefusal(401, /^\/api\//);
  await server.send('POST', '/auth/logout');

  await page.getByRole('button', { name: 'Create Carrier' }).click();
  const alert = page.getByRole('main').getByRole('alert');
  await expect(alert).toContainText('Not logged in');
  const [other] = await Promise.all([
    page.waitForEvent('popup'),
    alert.getByRole('link', { name: 'Log in in another tab' }).click(),
  ]);
  await field(other, 'E-mail').fill(EMAIL);
  await field(other, 'Password').fill(PASSWORD);
  await expect(other.locator('html')).toHaveAttribute('data-hydrated', 'true');
  await other.getByRole('button', { name: 'Log in' }).click();
  await expect(other.getByRole('heading', { name: 'Home', level: 1 })).toBeVisible();
  await other.close();

  await expect(field(page, 'Name')).toHaveValue('Patient');
  await page.getByRole('button', { name: 'Create Carrier' }).click();
  await expect(page.getByRole('heading', { name: 'Patient', level: 1 })).toBeVisible();
  await server.logIn();
  expect((await server.carrierNamed('Patient')).allowed_addresses).toEqual(['203.0.113.7']);
});

test('leaving an unsaved form asks for confirmation, by link and with Back', async ({ page, accessible }) => {
  await visit(page, LIST);
  await page.getByRole('link', { name: 'Add Carrier' }).click();
  await field(page, 'Name').fill('Almost');
  const question = page.getByRole('dialog', { name: 'Leave Without Saving?' });
  const stay = question.getByRole('button', { name: 'Stay' });
  const discard = question.getByRole('button', { name: 'Discard Changes' });
  const bots = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Bots' });
  await bots.click();
  await expect(question).toBeVisible();
  await accessible(page, 'leave dialog');
  await stay.click();
  await expect(question).toBeHidden();
  expect(path(page)).toBe(CREATE);
  await expect(field(page, 'Name')).toHaveValue('Almost');

  await page.evaluate(() => history.back());
  await stay.click();
  await expect(page).toHaveURL(new RegExp(`${CREATE}$`));
  await expect(field(page, 'Name')).toHaveValue('Almost');

  await page.evaluate(() => history.back());
  await discard.click();
  await expect(page.getByRole('heading', { name: 'Carriers', level: 1 })).toBeVisible();
  expect(path(page)).toBe(LIST);

  await page.getByRole('link', { name: 'Add carrier' }).click();
  await field(page, 'Name').fill('Almost');
  await bots.click();
  await discard.click();
  await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();

  // An unchanged form does not ask.
  await page.goto(CREATE);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'Carriers', level: 1 })).toBeVisible();
});
