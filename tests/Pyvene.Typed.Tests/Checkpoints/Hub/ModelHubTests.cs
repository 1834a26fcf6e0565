using Pyvene.Typed.Checkpoints.Hub;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Tokenization;

namespace Pyvene.Typed.Tests.Checkpoints.Hub;

public sealed class ModelHubTests : IDisposable
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 5000).Select(value => (byte)value)];

    private readonly TemporaryFolder folder = new("hub");
    private readonly LoopbackHub server = new(new Dictionary<string, byte[]>
    {
        ["config.json"] = "{}"u8.ToArray(),
        ["model.safetensors"] = Weights,
        ["pytorch_model.bin"] = [1],
        ["README.md"] = [2],
    });

    private HubOptions Options => new() { Endpoint = server.Address, CacheFolder = folder.Path, Token = "secret", IsOffline = false };

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task WhatAModelIsMadeOfIsFetchedOnce()
    {
        using var hub = new ModelHub(Options);

        var first = await hub.DownloadAsync("owner/name");
        var asked = server.Requests.Count;
        var second = await hub.DownloadAsync("owner/name");

        Assert.Equal(first, second);
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(first).Select(Path.GetFileName).Order());
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(first, "model.safetensors")));
        Assert.Equal(asked + 1, server.Requests.Count);
    }

    [Fact]
    public async Task ADownloadThatBrokeOffGoesOn()
    {
        server.BreaksAfter = 2000;
        using var hub = new ModelHub(Options);

        var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/name"));
        var place = await hub.DownloadAsync("owner/name");

        Assert.Contains("broke off after 2000 of 5000", error.Message);
        Assert.Contains(server.Requests, request => request.Contains("bytes=2000-"));
        Assert.Equal(Weights, File.ReadAllBytes(Path.Combine(place, "model.safetensors")));
    }

    [Fact]
    public async Task AFileWithAnotherChecksumIsNotKept()
    {
        server.Corrupts = true;
        using var hub = new ModelHub(Options);

        var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/name"));

        Assert.Contains("checksum", error.Message);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "models--owner--name", "snapshots")));
    }

    [Fact]
    public async Task AFileThatIsTooLargeIsNotFetched()
    {
        using var hub = new ModelHub(Options with { LargestFile = 1000 });

        var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/name"));

        Assert.Contains("5000 bytes", error.Message);
        Assert.DoesNotContain(server.Requests, request => request.StartsWith("GET /store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OfflineUsesWhatIsKeptAndAsksNobody()
    {
        using var offline = new ModelHub(Options with { IsOffline = true });
        var error = await Assert.ThrowsAsync<CheckpointException>(() => offline.DownloadAsync("owner/name"));
        using var online = new ModelHub(Options);
        var place = await online.DownloadAsync("owner/name");
        var asked = server.Requests.Count;

        Assert.Equal(place, await offline.DownloadAsync("owner/name"));
        Assert.Equal(asked, server.Requests.Count);
        Assert.Contains("HF_HUB_OFFLINE", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AKeptFileThatWasCutOrChangedIsRefusedOfflineToo(bool isOffline)
    {
        using var hub = new ModelHub(Options with { IsOffline = isOffline });
        using var online = new ModelHub(Options);
        foreach (var (file, damage) in new (string, Func<byte[], byte[]>)[]
        {
            ("model.safetensors", bytes => bytes[..^1]),
            ("config.json", _ => "[]"u8.ToArray()),
            ("model.safetensors", bytes => [.. bytes[..^1], 0]),
        })
        {
            var kept = Path.Combine(await online.DownloadAsync("owner/name"), file);
            var right = File.ReadAllBytes(kept);
            File.WriteAllBytes(kept, damage(right));

            var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/name"));

            Assert.Equal(kept, error.Path);
            Assert.Contains("not the one that was fetched", error.Message, StringComparison.Ordinal);
            File.WriteAllBytes(kept, right);
            await hub.DownloadAsync("owner/name");
        }
    }

    [Theory]
    [InlineData("{\"sha\": 1}", "'sha' must be a text, but is 1")]
    [InlineData("[]", "must be an object")]
    [InlineData("{\"sha\": \"aaaa\", \"siblings\": []}", "a commit of 40")]
    [InlineData("{\"sha\": \"SHA\", \"siblings\": {}}", "'siblings' must be an array")]
    [InlineData("{\"sha\": \"SHA\", \"siblings\": [{}]}", "rfilename' must be a text, but is missing")]
    [InlineData("{\"sha\": \"SHA\", \"siblings\": [3]}", "must be an object")]
    [InlineData("{\"sha\": \"SHA\", \"siblings\": [{\"rfilename\": \"\\ud800\"}]}", "no Unicode text")]
    [InlineData("{\"sha\": \"SHA\", \"sha\": \"SHA\", \"siblings\": []}", "not valid JSON")]
    [InlineData("{\"sha\":", "not valid JSON")]
    public async Task AMalformedListingIsRefused(string listing, string reason)
    {
        server.Listing = listing.Replace("SHA", new string('a', 40), StringComparison.Ordinal);
        using var hub = new ModelHub(Options);

        Assert.Contains(reason, (await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/name"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADownloadWithoutProgressIsGivenUp()
    {
        server.Stalls = true;
        using var hub = new ModelHub(Options with { LongestSilence = TimeSpan.FromSeconds(0.2) });

        var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/name"));

        Assert.Contains("no progress for 0.2 seconds", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
    public async Task AHubThatDripsIsGivenUp(string start)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(stop.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(start), stop.Token);
            while (start.Length > 0)
            {
                await Task.Delay(100, stop.Token);
                await stream.WriteAsync("x"u8.ToArray(), stop.Token);
            }

            await Task.Delay(Timeout.Infinite, stop.Token);
        });
        using var hub = new ModelHub(Options with
        {
            Endpoint = new Uri($"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}"),
            LongestSilence = TimeSpan.FromSeconds(0.5),
        });

        var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/name").WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Contains("no progress for 0.5 seconds", error.Message, StringComparison.Ordinal);
        stop.Cancel();
        await Task.WhenAny(serving);
    }

    [Fact]
    public async Task AnUnknownModelIsNamed()
    {
        using var hub = new ModelHub(Options);

        var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.DownloadAsync("owner/other"));

        Assert.Contains("owner/other", error.Message);
        Assert.Contains("404", error.Message);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("../name")]
    [InlineData("owner/..")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b/c")]
    public async Task ANameThatIsAPathIsRefused(string name)
    {
        using var hub = new ModelHub(Options);

        await Assert.ThrowsAsync<ArgumentException>(() => hub.DownloadAsync(name));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public void APlainAddressIsRefused() =>
        Assert.Throws<ArgumentException>(() => new ModelHub(Options with { Endpoint = new Uri("http://hub.example") }));
}
