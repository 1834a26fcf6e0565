using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pyvene.Typed.Checkpoints.Hub;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Tokenization;

namespace Pyvene.Typed.Tests.Checkpoints.Hub;

public sealed class HubUploadTests : IDisposable
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 5000).Select(value => (byte)value)];

    private readonly TemporaryFolder cache = new("hub");
    private readonly TemporaryFolder folder = new("upload");
    private readonly LoopbackHub server = new([]);

    public HubUploadTests()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "parts"));
        File.WriteAllText(Path.Combine(folder.Path, "experiment.json"), "{}\n");
        File.WriteAllText(Path.Combine(folder.Path, "parts", "notes.txt"), "é");
        File.WriteAllText(Path.Combine(folder.Path, ".secret"), "token");
        File.WriteAllBytes(Path.Combine(folder.Path, "weights.safetensors"), Weights);
    }

    private HubOptions Options => new() { Endpoint = server.Address, CacheFolder = cache.Path, Token = "secret", IsOffline = false };

    private static string Sum => Convert.ToHexStringLower(SHA256.HashData(Weights));

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
        cache.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2000)]
    public async Task FolderBecomesOneCommit(int? partSize)
    {
        server.PartSize = partSize;
        using var hub = new ModelHub(Options);
        Assert.Equal(new string('b', 40), await hub.UploadAsync(folder.Path, "owner/name", "First \"try\""));
        Assert.Equal(Weights, server.Store[Sum]);
        var lines = Assert.Single(server.Commits);
        Assert.Equal(["header", "file", "file", "lfsFile"], lines.Select(line => line["key"]!.GetValue<string>()));
        Assert.Equal("First \"try\"", lines[0]["value"]!["summary"]!.GetValue<string>());
        Assert.Equal(["experiment.json", "parts/notes.txt", "weights.safetensors"], lines[1..].Select(Name));
        Assert.Equal("é", Encoding.UTF8.GetString(Convert.FromBase64String(lines[2]["value"]!["content"]!.GetValue<string>())));
        Assert.Equal((Sum, 5000), (lines[3]["value"]!["oid"]!.GetValue<string>(), lines[3]["value"]!["size"]!.GetValue<int>()));
    }

    [Fact]
    public async Task UploadThatBrokeOffGoesOnAndCommitsOnce()
    {
        File.WriteAllBytes(Path.Combine(folder.Path, "more.safetensors"), [1, 2, 3]);
        using var hub = new ModelHub(Options);
        server.Refusals = 1;
        var error = await Assert.ThrowsAsync<CheckpointException>(() => hub.UploadAsync(folder.Path, "owner/name", "try"));
        Assert.Contains("503", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Commits);

        await hub.UploadAsync(folder.Path, "owner/name", "try");
        await hub.UploadAsync(folder.Path, "owner/name", "again");
        Assert.Equal(2, server.Commits.Count);
        // one was refused, two arrived; the second upload sent none
        Assert.Equal(3, server.Requests.Count(request => request.StartsWith("PUT ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task TokenGoesToTheHubAlone()
    {
        using var store = new LoopbackHub([]);
        server.StoreAddress = store.Address;
        using var hub = new ModelHub(Options);
        await hub.UploadAsync(folder.Path, "owner/name", "try");
        Assert.All(server.Requests, request => Assert.EndsWith("Bearer secret", request));
        Assert.Equal([$"PUT /put/{Sum}"], store.Requests);
        Assert.Equal(Weights, store.Store[Sum]);
    }

    [Fact]
    public async Task WhatCannotBeUploadedIsSaid()
    {
        using var hub = new ModelHub(Options with { Token = null });
        Assert.Contains(
            "HF_TOKEN",
            (await Assert.ThrowsAsync<CheckpointException>(() => hub.UploadAsync(folder.Path, "owner/name", "try"))).Message,
            StringComparison.Ordinal);

        using var stranger = new ModelHub(Options with { Token = "other" });
        Assert.Contains(
            "may write",
            (await Assert.ThrowsAsync<CheckpointException>(() => stranger.UploadAsync(folder.Path, "owner/name", "try"))).Message,
            StringComparison.Ordinal);

        using var known = new ModelHub(Options);
        await Assert.ThrowsAsync<ArgumentException>(() => known.UploadAsync(folder.Path, "../name", "try"));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => known.UploadAsync(Path.Combine(folder.Path, "none"), "owner/name", "try"));
        using var empty = new TemporaryFolder("empty");
        Assert.Contains(
            "no file",
            (await Assert.ThrowsAsync<CheckpointException>(() => known.UploadAsync(empty.Path, "owner/name", "try"))).Message,
            StringComparison.Ordinal);
        Assert.Empty(server.Commits);
    }

    [Fact]
    public async Task LinkThatLeadsElsewhereIsLeftOut()
    {
        using var elsewhere = new TemporaryFolder("elsewhere");
        File.WriteAllText(Path.Combine(elsewhere.Path, "private.txt"), "private");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.txt"), Path.Combine(elsewhere.Path, "private.txt"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "linked"), elsewhere.Path);
        using var hub = new ModelHub(Options);
        await hub.UploadAsync(folder.Path, "owner/name", "try");
        Assert.Equal(["experiment.json", "parts/notes.txt", "weights.safetensors"], server.Commits[0][1..].Select(Name));
    }

    [Fact]
    public async Task ExperimentsOfBothKindsAreFetched()
    {
        using var shelf = new LoopbackHub(new Dictionary<string, byte[]>
        {
            ["config.json"] = "{}"u8.ToArray(),
            ["intkey_layer_1_comp_mlp_output_unit_pos_nunit_1#0.bin"] = [1, 2],
            ["experiment.json"] = "{}"u8.ToArray(),
            ["weights.safetensors"] = Weights,
            ["other.bin"] = [3],
        });
        using var hub = new ModelHub(Options with { Endpoint = shelf.Address });
        var place = await hub.DownloadAsync("owner/name");
        Assert.Equal(
            ["config.json", "experiment.json", "intkey_layer_1_comp_mlp_output_unit_pos_nunit_1#0.bin", "weights.safetensors"],
            Directory.GetFiles(place).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static string Name(JsonObject line) => line["value"]!["path"]!.GetValue<string>();
}
