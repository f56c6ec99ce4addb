import { EMAIL, expect, field, HOME, LIST, names, EMPTY_LIVEKIT, PASSWORD, path, row, test } from '../fixtures/test';

test.describe('without JavaScript', () => {
  test.describe('login', () => {
    test.use({ loggedIn: false });

    test('login after a wrong password, and logout', async ({ page, guard, server }) => {
      await page.goto('/dashboard/bots?x=1');
      await field(page, 'E-mail').fill(EMAIL);
      await field(page, 'Password').fill('wrong horse battery');
      guard.expectRefusal(401, /^\/login$/);
      await page.getByRole('button', { name: 'Log in' }).click();
      await expect(page.getByRole('main').getByRole('alert')).toContainText('The e-mail address or the password is wrong');
      await expect(field(page, 'E-mail')).toHaveValue(EMAIL);
      await expect(field(page, 'Password')).toHaveValue('');
      await field(page, 'Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();
      await expect(page).toHaveURL(`${server.url}/dashboard/bots?x=1`);
      await page.getByRole('button', { name: 'Log out' }).click();
      await expect(page.getByText('You are logged out.')).toBeVisible();
      await page.goto(LIST);
      await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
    });
  });

  test.describe('setup', () => {
    test.use({ admin: false });

    test('administrator is created', async ({ page, server, guard }) => {
      await page.goto(server.setupUrl!);
      await field(page, 'E-mail').fill(EMAIL);
      await field(page, 'Password').fill('short');
      guard.expectRefusal(422, /^\/setup$/);
      await page.getByRole('button', { name: 'Create administrator' }).click();
      await expect(page.getByText(/at least 12 characters/i).first()).toBeVisible();
      await expect(field(page, 'E-mail')).toHaveValue(EMAIL);
      await field(page, 'Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Create administrator' }).click();
      await expect(page).toHaveURL(server.url + HOME);
      await expect(page.getByRole('heading', { name: 'Get Started' })).toBeVisible();
    });
  });

  test('list can be sorted, searched and paged, and opens the guide', async ({ page, server }) => {
    const all = Array.from({ length: 55 }, (_, index) => `Carrier ${String(index + 1).padStart(2, '0')}`);
    for (let start = 0; start < all.length; start += 11) {
      await Promise.all(all.slice(start, start + 11).map((name) => server.carrier({ name, sip_address: `${name.replace(' ', '-').toLowerCase()}.example` })));
    }
    await page.goto(LIST);
    expect(await names(page)).toEqual(all.slice(0, 50));
    await page.getByRole('link', { name: 'Next' }).click();
    expect(await names(page)).toEqual(all.slice(50));
    await expect(page.getByText('51–55 of 55')).toBeVisible();
    await page.getByRole('link', { name: 'Previous' }).click();
    expect(await names(page)).toEqual(all.slice(0, 50));

    await page.getByRole('searchbox').fill('carrier-1');
    await page.getByRole('searchbox').press('Enter');
    await expect(page).toHaveURL(/[?&]q=carrier-1/);
    expect(await names(page)).toEqual(all.slice(9, 19));
    await expect(page.getByRole('searchbox')).toHaveValue('carrier-1');
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click();
    expect(await names(page)).toEqual(all.slice(9, 19).reverse());

    await page.getByRole('link', { name: 'Guide' }).click();
    const guide = page.getByRole('dialog', { name: 'Carrier guide' });
    await expect(guide.getByRole('heading', { name: 'Plivo' })).toBeVisible();
    await guide.getByRole('link', { name: 'Close' }).click();
    await expect(guide).toHaveCount(0);
    expect(await names(page)).toEqual(all.slice(9, 19).reverse());
  });

  test('guide topics are links with their own address', async ({ page, server }) => {
    const carrier = await server.carrier();
    await page.goto(`${LIST}/${carrier.id}`);
    await page.getByRole('link', { name: 'Guide' }).click();
    const guide = page.getByRole('dialog', { name: 'Carrier guide' });
    await guide.getByRole('navigation', { name: 'Topics' }).getByRole('link', { name: 'Inbound calls' }).click();
    await expect(guide.getByRole('list', { name: 'Way of an inbound call' }).getByRole('listitem')).toHaveCount(5);
    expect(path(page)).toBe(`${LIST}/${carrier.id}?guide=inbound`);
    await guide.getByRole('article').getByRole('link', { name: 'Authentication' }).click();
    await expect(guide.getByRole('heading', { name: 'Authentication', level: 3 })).toBeVisible();
    // Controls that need a script are hidden.
    await expect(guide.getByRole('button')).toHaveCount(0);
    await guide.getByRole('link', { name: 'Close' }).click();
    expect(path(page)).toBe(`${LIST}/${carrier.id}`);
    await page.goto('/guide/twilio');
    expect(path(page)).toBe(`${LIST}?guide=twilio`);
    await expect(guide.getByRole('heading', { name: 'Twilio', level: 3 })).toBeVisible();
  });

  test('provider link fills in the form, and a refused form keeps the provider', async ({ page, server, guard }) => {
    await page.goto(`${LIST}/create`);
    await page.getByRole('link', { name: 'Plivo' }).click();
    expect(path(page)).toBe(`${LIST}/create?provider=plivo`);
    await expect(field(page, 'SIP Address')).toHaveValue('your-trunk-id.zt.plivo.com');
    await expect(field(page, 'Transport')).toHaveValue('tcp');
    await expect(field(page, 'Allowed IPs')).toHaveValue(/^13\.52\.9\.0\/25\n/);
    await field(page, 'Name').fill('Plivo');
    await field(page, 'Username').fill('acme');
    await field(page, 'Password').fill('s3cret-pass');
    guard.expectRefusal(422, /\/carriers\/create$/);
    await page.getByRole('button', { name: 'Create Carrier' }).click();
    await expect(page.locator('#carrier-sip_address-error')).toHaveText(/Replace your-trunk-id with/);
    await expect(page.getByRole('link', { name: 'Plivo', exact: true })).toHaveAttribute('aria-current', 'true');
    await field(page, 'SIP Address').fill('21784123.zt.plivo.com');
    await field(page, 'Password').fill('s3cret-pass');
    await page.getByRole('button', { name: 'Create Carrier' }).click();
    await expect(page.getByRole('heading', { name: 'Plivo', level: 1 })).toBeVisible();
    expect(await server.carrierNamed('Plivo')).toMatchObject({ inbound_auth: 'ip', transport: 'tcp', sip_address: '21784123.zt.plivo.com' });
  });

  test('refused carrier keeps the typed values and is saved after a correction', async ({ page, server, guard }) => {
    await page.goto(`${LIST}/create`);
    await field(page, 'Name').fill('Twilio & Söhne <b>');
    await field(page, 'SIP Address').fill('sip:acme.pstn.twilio.com');
    await field(page, 'Transport').selectOption('tcp');
    await field(page, 'Destination Country').selectOption('US');
    await field(page, 'Username').fill('acme');
    await field(page, 'Password').fill('s3cret-pass');
    await field(page, 'Allowed IPs').fill('203.0.113.7\ngw.plivo.com');
    await field(page, 'Outbound CPS').fill('101');
    guard.expectRefusal(422, /\/carriers\/create$/);
    await page.getByRole('button', { name: 'Create Carrier' }).click();
    await expect(page.locator('#carrier-sip_address-error')).toHaveText('Remove the scheme: use acme.pstn.twilio.com');
    await expect(page.locator('#carrier-outbound_cps-error')).toBeVisible();
    await expect(page.locator('#carrier-allowed_addresses-error')).toContainText('gw.plivo.com is a host name');
    await expect(page.getByText('3 fields need attention')).toBeVisible();
    await expect(field(page, 'Name')).toHaveValue('Twilio & Söhne <b>');
    await expect(field(page, 'SIP Address')).toHaveValue('sip:acme.pstn.twilio.com');
    await expect(field(page, 'SIP Address')).toBeFocused();
    await expect(field(page, 'Transport')).toHaveValue('tcp');
    await expect(field(page, 'Destination Country')).toHaveValue('US');
    await expect(field(page, 'Username')).toHaveValue('acme');
    await expect(field(page, 'Allowed IPs')).toHaveValue('203.0.113.7\ngw.plivo.com');
    // Secrets are not rendered again.
    await expect(field(page, 'Password')).toHaveValue('');
    expect(await page.content()).not.toContain('s3cret-pass');

    await field(page, 'SIP Address').fill('acme.pstn.twilio.com');
    await field(page, 'Password').fill('s3cret-pass');
    await field(page, 'Allowed IPs').fill('203.0.113.7\n203.0.113.0/28');
    await field(page, 'Outbound CPS').fill('10');
    await page.getByRole('button', { name: 'Create Carrier' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Twilio & Söhne <b>');
    const carrier = await server.carrierNamed('Twilio & Söhne <b>');
    expect(path(page)).toBe(`${LIST}/${carrier.id}`);
    expect(carrier).toMatchObject({ transport: 'tcp', outbound_cps: 10, allowed_addresses: ['203.0.113.7', '203.0.113.0/28'] });
  });

  test('invalid and stale edits of a carrier are refused, with both versions', async ({ page, server, guard }) => {
    const carrier = await server.carrier();
    await server.number(carrier, '+14155550134');
    await page.goto(`${LIST}/${carrier.id}`);
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByRole('radio', { name: /IP Allowlist/ }).check({ force: true });
    await field(page, 'Name').fill('Mine');
    guard.expectRefusal(422, /\/carriers\/car_/);
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await expect(page.locator('#carrier-allowed_addresses-error')).toHaveText(/Add at least one address/);
    await expect(field(page, 'Name')).toHaveValue('Mine');
    await expect(page.getByRole('radio', { name: /IP Allowlist/ })).toBeChecked();

    await field(page, 'Inbound IP Allowlist').fill('203.0.113.7');
    await server.put(`/carriers/${carrier.id}`, { name: 'Theirs', outbound_burst: 33 });
    guard.expectRefusal(409, /\/carriers\/car_/);
    await page.getByRole('button', { name: 'Save Changes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Someone else saved this carrier' });
    await expect(dialog).toContainText('Theirs');
    await expect(dialog).toContainText('Mine');
    await expect(dialog.getByRole('row', { name: /Outbound Burst/ })).toContainText(/33\s*not changed by you/);
    await dialog.getByRole('button', { name: 'Keep mine and save' }).click();
    await expect(page.getByRole('heading', { name: 'Mine', level: 1 })).toBeVisible();
    const saved = await server.waitForStatus(carrier, 'synced');
    expect(saved).toMatchObject({ name: 'Mine', inbound_auth: 'ip', allowed_addresses: ['203.0.113.7'], auth_password: '********' });
    expect(saved.outbound_burst).toBe(33);
    expect((await server.livekitState()).outbound[0].username).toBe('acme');
  });

  test('number is added, edited and removed, and the carrier deleted', async ({ page, server, guard }) => {
    await server.bot('Concierge');
    const carrier = await server.carrier();
    const base = `${LIST}/${carrier.id}`;
    await page.goto(base);
    await page.getByRole('link', { name: 'Add Number', exact: true }).click();
    const add = page.getByRole('dialog', { name: 'Add Number' });
    await field(add, 'Phone Number').fill('12');
    await field(add, 'Label').fill('Desk');
    await field(add, 'Assign Bot').selectOption({ label: 'Concierge' });
    guard.expectRefusal(422, /\/carriers\/car_/);
    await add.getByRole('button', { name: 'Add Number' }).click();
    await expect(page.locator('#number-number-error')).toHaveText(/Enter the whole number/);
    await expect(field(add, 'Label')).toHaveValue('Desk');
    await field(add, 'Phone Number').fill('+14155550134');
    await add.getByRole('button', { name: 'Add Number' }).click();
    expect(path(page)).toBe(base);
    await expect(row(page, 'Desk')).toContainText('Concierge');

    await page.getByRole('link', { name: 'Edit +1 415-555-0134' }).click();
    const edit = page.getByRole('dialog', { name: 'Edit Number' });
    await expect(field(edit, 'Phone Number')).toBeDisabled();
    await field(edit, 'Label').fill('Front desk');
    await edit.getByRole('radio', { name: /^Outbound/ }).check({ force: true });
    await expect(field(edit, 'Assign Bot')).toBeHidden();
    await edit.getByRole('button', { name: 'Save Number' }).click();
    await expect(row(page, 'Front desk')).toContainText('Outbound');
    await server.waitForStatus(carrier, 'synced');
    expect((await server.livekitState()).inbound).toEqual([]);
    expect((await server.livekitState()).outbound[0].numbers).toEqual(['+14155550134']);

    await page.getByRole('link', { name: 'Remove +1 415-555-0134' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove Number' }).click();
    await expect(page.getByText('No phone numbers yet')).toBeVisible();
    await page.getByRole('button', { name: 'Sync to LiveKit' }).click();
    await expect(page.getByText('No trunks yet: add a phone number', { exact: true })).toBeVisible();

    await page.getByRole('link', { name: 'Delete', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'Delete Twilio' })).toContainText('It has no phone numbers.');
    await page.getByRole('button', { name: 'Delete Carrier' }).click();
    expect(path(page)).toBe(LIST);
    await expect(page.getByText('No carriers yet')).toBeVisible();
    await server.expectLivekit(EMPTY_LIVEKIT);
  });

  test('bot is created, edited and deleted', async ({ page, server, guard }) => {
    await page.goto('/dashboard/bots');
    await page.getByRole('link', { name: 'Add the first bot' }).click();
    await field(page, 'Name').fill('Concierge');
    await field(page, 'Metadata').fill('{"a": </textarea>');
    guard.expectRefusal(422, /\/bots\/create$/);
    await page.getByRole('button', { name: 'Create bot' }).click();
    await expect(page.getByText('2 fields need attention')).toBeVisible();
    await expect(field(page, 'Metadata')).toHaveValue('{"a": </textarea>');
    await field(page, 'Agent name').fill('concierge');
    await field(page, 'Metadata').fill('');
    await page.getByRole('button', { name: 'Create bot' }).click();
    await page.getByRole('link', { name: 'Concierge' }).click();
    await field(page, 'Agent name').fill('concierge-v2');
    await page.getByRole('button', { name: 'Save Changes' }).click();
    await expect(row(page, 'Concierge')).toContainText('concierge-v2');
    expect((await server.get('/bots')).items[0].agent_name).toBe('concierge-v2');
    await page.getByRole('link', { name: 'Concierge' }).click();
    await page.getByRole('link', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete bot' }).click();
    await expect(page.getByText('No bots yet')).toBeVisible();
    expect((await server.get('/bots')).total).toBe(0);
  });

  test('bot of the fleet is saved with headers and a configuration', async ({ page, server, guard }) => {
    await page.goto('/dashboard/bots/create');
    await field(page, 'Name').fill('Concierge');
    await page.getByRole('radio', { name: /^Fleet/ }).check({ force: true });
    await field(page, 'Configuration').fill('{"timezone": "Mars/Base"}');
    await page.getByRole('switch', { name: 'SIP Headers as Variables' }).check();
    await field(page, 'Allowed Headers').fill('X-Tier\nX-Lead');
    await field(page, 'Headers Repeated on Transfer').fill('X-Lead');
    await field(page, 'Longest Value').fill('64');
    guard.expectRefusal(422, /\/bots\/create$/);
    await page.getByRole('button', { name: 'Create Bot' }).click();
    await expect(page.getByText('timezone: Enter the IANA name of a time zone')).toBeVisible();
    await expect(page.getByRole('switch', { name: 'SIP Headers as Variables' })).toBeChecked();
    await expect(field(page, 'Allowed Headers')).toHaveValue('X-Tier\nX-Lead');
    await field(page, 'Configuration').fill('{"timezone": "Asia/Kolkata"}');
    await page.getByRole('button', { name: 'Create Bot' }).click();
    await expect(row(page, 'Concierge')).toContainText('Fleet');
    const bot = await server.get(`/bots/${(await server.get('/bots')).items[0].id}`);
    expect(bot).toMatchObject({
      answered_by: 'fleet',
      runtime_config: { timezone: 'Asia/Kolkata' },
      sip_header_config: {
        enabled: true,
        allowed_headers: ['X-Tier', 'X-Lead'],
        transfer_passthrough_headers: ['X-Lead'],
        max_value_length: 64,
      },
    });
  });
});
