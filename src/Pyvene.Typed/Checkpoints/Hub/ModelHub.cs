using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pyvene.Typed.Errors;

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

    /// <summary>What a model is made of; other files of a repository, such as weights in other formats, are not fetched.</summary>
    private static readonly string[] Endings = [".json", ".txt", ".model", ".jinja"];

    private readonly HubOptions options;
    private readonly HttpClient client;

    /// <summary>Initialises access to a hub.</summary>
    /// <param name="options">The settings; <see langword="null"/> = those of the environment.</param>
    /// <exception cref="ArgumentException">The endpoint is neither HTTPS nor on this machine.</exception>
    public ModelHub(HubOptions? options = null)
    {
        this.options = options ?? new HubOptions();
        if (!IsSafe(this.options.Endpoint))
        {
            throw new ArgumentException($"The endpoint '{this.options.Endpoint}' must be HTTPS: over plain HTTP files can be changed on the way and the "
                + $"token be read.", nameof(options));
        }

        // Redirects are followed by hand, so that the token goes to the hub alone and never to a plain address.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(20) };
        client = new HttpClient(handler) { Timeout = TimeSpan.FromHours(12) };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("pyvene-typed", "0.1"));
    }

    /// <summary>Returns whether a text has the form of a model's name on a hub, <c>OWNER/NAME</c>.</summary>
    /// <param name="text">The text.</param>
    public static bool IsName(string text) => Name().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal);

    /// <summary>Returns a folder with the files of a model: configuration, tokenizer and weights. What is kept already is not fetched again.</summary>
    /// <param name="name">The model's name, <c>OWNER/NAME</c>.</param>
    /// <param name="revision">The branch, tag or commit.</param>
    /// <param name="cancellation">Stops the download; it can be continued later.</param>
    /// <exception cref="ArgumentException">The name or the revision is malformed.</exception>
    /// <exception cref="CheckpointException">The model is unknown, private, too large or damaged, the hub cannot be reached, or the model is not kept and the
    /// settings are offline.</exception>
    public async Task<string> DownloadAsync(string name, string revision = "main", CancellationToken cancellation = default)
    {
        var cache = HubCache.Of(options.CacheFolder, name, revision);
        if (options.IsOffline)
        {
            return cache.Find() ?? throw new CheckpointException(name, $"The model is not kept in '{options.CacheFolder}', and HF_HUB_OFFLINE is set. Unset "
                + $"it, or give the path of a folder.");
        }

        try
        {
            var (commit, files) = await ListAsync(name, revision, cancellation);
            var chosen = Choose(files).ToList();
            foreach (var file in chosen)
            {
                if (!cache.Has(commit, file))
                {
                    await FetchAsync(cache, name, commit, file, cancellation);
                }
            }

            cache.Remember(commit);
            return cache.Snapshot(commit);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException)
        {
            throw new CheckpointException(name, $"The model cannot be fetched from {options.Endpoint}: {error.Message} Try again, set HF_HUB_OFFLINE=1 to "
                + $"use what is kept, or give the path of a folder.", error);
        }
    }

    /// <inheritdoc cref="DownloadAsync"/>
    public string Download(string name, string revision = "main") => Task.Run(() => DownloadAsync(name, revision)).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>Chooses safetensors where there are any, else pickles, and everything small that describes the model.</summary>
    private static IEnumerable<string> Choose(IReadOnlyList<string> files)
    {
        var top = files.Where(HubCache.IsPlainName).ToList();
        var weights = top.Where(file => Weights().IsMatch(file)).ToList();
        var safe = weights.Where(file => file.EndsWith(".safetensors", StringComparison.Ordinal)).ToList();
        return top.Where(file => Endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))).Concat(safe.Count > 0 ? safe : weights);
    }

    private async Task<(string Commit, List<string> Files)> ListAsync(string name, string revision, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, $"api/models/{name}/revision/{Uri.EscapeDataString(revision)}", name, from: 0, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var bounded = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            bounded.Write(buffer, 0, read);
            if (bounded.Length > LongestListing)
            {
                throw new CheckpointException(name, $"The hub's list of files is longer than {LongestListing} bytes.");
            }
        }

        using var json = JsonDocument.Parse(bounded.ToArray());
        var (root, files) = (json.RootElement, new List<string>());
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("sha", out var sha) || sha.GetString() is not { } commit || !Commit().IsMatch(commit)
            || !root.TryGetProperty("siblings", out var siblings) || siblings.ValueKind != JsonValueKind.Array)
        {
            throw new CheckpointException(name, "The hub's answer has no commit and list of files.");
        }

        files.AddRange(siblings.EnumerateArray().Select(file => file.GetProperty("rfilename").GetString() ?? ""));
        return (commit, files);
    }

    private async Task FetchAsync(HubCache cache, string name, string commit, string file, CancellationToken cancellation)
    {
        var address = $"{name}/resolve/{commit}/{Uri.EscapeDataString(file)}";
        using var head = await SendAsync(HttpMethod.Head, address, name, from: 0, cancellation);
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

        using var response = await SendAsync(HttpMethod.Get, address, name, stream.Length, cancellation);
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            stream.SetLength(0); // the server does not continue, so it starts again
        }

        stream.Seek(0, SeekOrigin.End);
        await using var content = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[1 << 20];
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;)
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

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string name, long from, CancellationToken cancellation)
    {
        const int mostRedirects = 5;
        var (address, facts) = (new Uri(new Uri($"{options.Endpoint.ToString().TrimEnd('/')}/"), path), new List<HttpResponseHeaders>());
        for (var redirects = 0; redirects <= mostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(method, address);
            if (options.Token is { } token && IsSameHost(address, options.Endpoint))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            if (from > 0)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
            }

            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var isRedirect = (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is not null;
            // The first answer of a large file carries its checksum; the store that it leads to does not.
            if (isRedirect && !(method == HttpMethod.Head && HubFile.TagOf(response) is not null && HubFile.SizeOf(response) is not null))
            {
                address = new Uri(address, response.Headers.Location!);
                response.Dispose();
                if (!IsSafe(address))
                {
                    throw new CheckpointException(name, $"The hub leads to '{address.Host}' over plain HTTP, which is refused.");
                }

                continue;
            }

            if (response.IsSuccessStatusCode || isRedirect)
            {
                return response;
            }

            var status = response.StatusCode;
            response.Dispose();
            throw new CheckpointException(name, status switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"The hub refuses access ({(int)status}). A private or gated model needs a token "
                    + $"in HF_TOKEN; a misspelt name gives the same answer.",
                HttpStatusCode.NotFound => "The hub has no such model, revision or file (404). No folder of this name exists either.",
                _ => $"The hub answers {(int)status} {status}.",
            });
        }

        throw new CheckpointException(name, $"The hub redirects more than {mostRedirects} times.");
    }

    private static bool IsSafe(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static bool IsSameHost(Uri left, Uri right) => left.Scheme == right.Scheme && left.Host == right.Host && left.Port == right.Port;

    [GeneratedRegex(@"^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"^(model|pytorch_model)(-\d{5}-of-\d{5})?\.(safetensors|bin)\z")]
    private static partial Regex Weights();
}
