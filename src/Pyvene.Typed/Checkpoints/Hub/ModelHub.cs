using System.Net;
using System.Text.RegularExpressions;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Fetches models from a hub into a folder that keeps them, and finds them there again.</summary>
/// <remarks>
/// The layout is that of Hugging Face's tools: <c>models--OWNER--NAME/blobs</c> holds the files by checksum, <c>snapshots/COMMIT</c> what belongs together,
/// <c>refs</c> the commits of
/// branches. A download that broke off goes on where it stopped, and a file whose checksum is wrong is not kept. Names from the hub never lead out of the
/// folder. Thread-safe.
/// </remarks>
public sealed partial class ModelHub : IDisposable
{
    private const long LongestListing = 32 << 20;
    private const int MostFiles = 10_000;

    /// <summary>What a model or an experiment is made of; other files of a repository, such as weights in other formats, are not fetched.</summary>
    private static readonly string[] Endings = [".json", ".txt", ".model", ".jinja"];

    private readonly HubOptions options;
    private readonly HubClient client;

    /// <summary>Initialises access to a hub.</summary>
    /// <param name="options">The settings; <see langword="null"/> = those of the environment.</param>
    /// <exception cref="ArgumentException">The endpoint is neither HTTPS nor on this machine.</exception>
    public ModelHub(HubOptions? options = null)
    {
        this.options = options ?? new HubOptions();
        client = new HubClient(this.options);
    }

    /// <summary>Returns whether a text has the form of a model's name on a hub, <c>OWNER/NAME</c>.</summary>
    /// <param name="text">The text.</param>
    public static bool IsName(string text) => Name().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal);

    /// <summary>
    /// Returns a folder with the files of a model (configuration, tokenizer and weights), or of a saved experiment, ours or pyvene's. What is kept already is
    /// not fetched again.
    /// </summary>
    /// <param name="name">The model's name, <c>OWNER/NAME</c>.</param>
    /// <param name="revision">The branch, tag or commit.</param>
    /// <param name="cancellation">Stops the download; it can be continued later.</param>
    /// <exception cref="ArgumentException">The name or the revision is malformed.</exception>
    /// <exception cref="CheckpointException">The model is unknown, private, too large or damaged, the hub cannot be reached, or the model is not kept and the
    /// settings are offline.</exception>
    public async Task<string> DownloadAsync(string name, string revision = "main", CancellationToken cancellation = default)
    {
        var cache = HubCache.Of(options.CacheFolder, name, revision);
        try
        {
            if (options.IsOffline)
            {
                var kept = cache.Find() ?? throw new CheckpointException(name, $"The model is not kept in '{options.CacheFolder}', and HF_HUB_OFFLINE is "
                    + "set. Unset "
                    + "it, or give the path of a folder.");
                await Parallel.ForEachAsync(Choose(cache.Files(kept)), cancellation, async (file, stop) => await cache.CheckAsync(kept, file, stop));
                return cache.Snapshot(kept);
            }

            var (commit, files) = await ListAsync(name, revision, cancellation);
            var chosen = Choose(files).ToList();
            if (chosen.Count > MostFiles)
            {
                throw new CheckpointException(name, $"The hub lists {chosen.Count} files of the model; at most {MostFiles} are fetched.");
            }

            foreach (var file in chosen)
            {
                if (cache.Has(commit, file))
                {
                    await cache.CheckAsync(commit, file, cancellation);
                }
                else
                {
                    await FetchAsync(cache, name, commit, file, cancellation);
                }
            }

            cache.Remember(commit);
            return cache.Snapshot(commit);
        }
        catch (Exception error) when (options.IsOffline && error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(name, $"What is kept of the model cannot be read: {error.Message}", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(name, $"The model cannot be fetched from {options.Endpoint}: {error.Message.TrimEnd('.')}. Try again, set "
                + "HF_HUB_OFFLINE=1 to use what is kept, or give the path of a folder; one that does not exist is taken for a name of the hub.", error);
        }
    }

    /// <inheritdoc cref="DownloadAsync"/>
    public string Download(string name, string revision = "main") => Task.Run(() => DownloadAsync(name, revision)).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>
    /// Chooses safetensors where there are any, else pickles, everything small that describes the model, and what interventions have learned.
    /// </summary>
    private static IEnumerable<string> Choose(IReadOnlyList<string> files)
    {
        var top = files.Where(HubCache.IsPlainName).ToList();
        var weights = top.Where(file => Weights().IsMatch(file)).ToList();
        var safe = weights.Where(file => file.EndsWith(".safetensors", StringComparison.Ordinal)).ToList();
        return top.Where(file => Endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Concat(safe.Count > 0 ? safe : weights)
            .Concat(top.Where(file => Learned().IsMatch(file)));
    }

    private async Task<(string Commit, List<string> Files)> ListAsync(string name, string revision, CancellationToken cancellation)
    {
        using var response = await client.SendAsync(HttpMethod.Get, $"api/models/{name}/revision/{Uri.EscapeDataString(revision)}", name, cancellation);
        var listing = JsonText.Parse(
            await HubFile.ReadAsync(response, LongestListing, name, new HubPatience(options.LongestSilence, cancellation)),
            new CheckpointJson(name, "The hub's listing"));
        var commit = listing["sha"].String();
        return Commit().IsMatch(commit)
            ? (commit, [.. listing["siblings"].Items().Select(file => file["rfilename"].String())])
            : throw listing["sha"].Wrong("a commit of 40 hexadecimal digits");
    }

    private async Task FetchAsync(HubCache cache, string name, string commit, string file, CancellationToken cancellation)
    {
        var address = $"{name}/resolve/{commit}/{Uri.EscapeDataString(file)}";
        using var head = await client.SendAsync(HttpMethod.Head, address, name, cancellation);
        var (tag, size) = (HubFile.TagOf(head), HubFile.SizeOf(head));
        if (tag is null || size is null || size > options.LargestFile)
        {
            throw new CheckpointException(name, tag is null || size is null
                ? $"The hub tells no checksum or size of '{file}'."
                : $"'{file}' has {size} bytes, more than the {options.LargestFile} that HubOptions.LargestFile allows.");
        }

        var partial = cache.Partial(tag);
        if (!cache.HasBlob(tag))
        {
            await using (var stream = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            {
                await CopyAsync(stream, address, name, file, size.Value, cancellation);
                await HubFile.CheckAsync(stream, tag, name, file, cancellation);
            }

            cache.Keep(tag);
        }

        cache.Link(commit, file, tag);
    }

    /// <summary>Appends what a stream lacks; what is there from an earlier attempt is not fetched again.</summary>
    private async Task CopyAsync(FileStream stream, string address, string name, string file, long size, CancellationToken cancellation)
    {
        if (stream.Length > size)
        {
            stream.SetLength(0);
        }

        if (stream.Length == size)
        {
            return;
        }

        using var response = await client.SendAsync(HttpMethod.Get, address, name, cancellation, from: stream.Length);
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            stream.SetLength(0); // the server does not continue, so it starts again
        }

        stream.Seek(0, SeekOrigin.End);
        await using var content = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1 << 20];
        var patience = new HubPatience(options.LongestSilence, cancellation);
        for (int read; (read = await patience.ReadAsync(content, buffer)) > 0;)
        {
            if (stream.Length + read > size)
            {
                throw new CheckpointException(name, $"'{file}' is longer than the {size} bytes that the hub tells.");
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        if (stream.Length != size)
        {
            throw new IOException($"'{file}' broke off after {stream.Length} of {size} bytes; the next attempt goes on there.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"^(model|pytorch_model)(-\d{5}-of-\d{5})?\.(safetensors|bin)\z")]
    private static partial Regex Weights();

    [GeneratedRegex(@"^(weights\.safetensors|intkey_[\w.#,-]+\.bin)\z")]
    private static partial Regex Learned();
}
