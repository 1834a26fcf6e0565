using System.Net;
using System.Net.Http.Headers;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>Sends requests to a hub: over HTTPS alone, and with the token to the hub alone.</summary>
/// <remarks>Redirects are followed by hand, so that the token never goes to another host, and nothing to a plain address.</remarks>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 5;
    private const long SlowestUpload = 16 << 10; // bytes a second

    private readonly HubOptions options;
    private readonly HttpClient client;

    /// <exception cref="ArgumentException">The endpoint is neither HTTPS nor on this machine.</exception>
    public HubClient(HubOptions options)
    {
        this.options = options;
        if (!IsSafe(options.Endpoint))
        {
            throw new ArgumentException(
                $"The endpoint '{options.Endpoint}' must be HTTPS: over plain HTTP files can be changed on the way and the token be read.", nameof(options));
        }

        if (options.Token is { } token && token.Any(letter => letter is <= ' ' or > '~'))
        {
            throw new ArgumentException("The token holds a space, a line break or another character that no token has; was more than the token pasted into "
                + "HF_TOKEN?", nameof(options));
        }

        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(20) };
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // HubPatience limits every step
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("pyvene-typed", "0.1"));
    }

    /// <summary>Sends a request and returns the answer; the caller disposes it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The address, relative to the hub or absolute.</param>
    /// <param name="name">The model's name, for messages.</param>
    /// <param name="cancellation">Stops the request.</param>
    /// <param name="content">Makes the body, once a redirect; <see langword="null"/> = none.</param>
    /// <param name="headers">More headers.</param>
    /// <param name="from">The first byte that is wanted.</param>
    /// <param name="accepts">A status beside the successful ones that is an answer too.</param>
    /// <exception cref="CheckpointException">The hub refuses, or leads to a plain address.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string name,
        CancellationToken cancellation,
        Func<HttpContent>? content = null,
        IReadOnlyDictionary<string, string>? headers = null,
        long from = 0,
        HttpStatusCode? accepts = null)
    {
        var address = new Uri(new Uri($"{options.Endpoint.ToString().TrimEnd('/')}/"), path);
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            if (!IsSafe(address))
            {
                throw new CheckpointException(name, $"The hub leads to '{address.Host}' over plain HTTP, which is refused.");
            }

            using var request = Request(method, address, content, headers, from);
            var sending = TimeSpan.FromSeconds((request.Content?.Headers.ContentLength ?? 0) / SlowestUpload);
            var response = await new HubPatience(options.LongestSilence, cancellation)
                .DoAsync(token => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), sending);
            var isRedirect = (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is not null;
            // The first answer of a large file carries its checksum; the store that it leads to does not.
            if (isRedirect && !(method == HttpMethod.Head && HubFile.TagOf(response) is not null && HubFile.SizeOf(response) is not null))
            {
                address = new Uri(address, response.Headers.Location!);
                response.Dispose();
                continue;
            }

            if (response.IsSuccessStatusCode || isRedirect || response.StatusCode == accepts)
            {
                return response;
            }

            using (response)
            {
                throw new CheckpointException(name, Refusal(response, isUpload: content is not null));
            }
        }

        throw new CheckpointException(name, $"The hub redirects more than {MostRedirects} times.");
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(HttpMethod method, Uri address, Func<HttpContent>? content, IReadOnlyDictionary<string, string>? headers, long from)
    {
        var request = new HttpRequestMessage(method, address) { Content = content?.Invoke() };
        if (options.Token is { } token && IsSameHost(address, options.Endpoint))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        foreach (var (key, value) in headers ?? new Dictionary<string, string>())
        {
            if (!request.Headers.TryAddWithoutValidation(key, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(key, value);
            }
        }

        return request;
    }

    private static string Refusal(HttpResponseMessage response, bool isUpload)
    {
        var reason = response.Headers.TryGetValues("X-Error-Message", out var said) ? $" It says: {said.First()}" : "";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when isUpload =>
                $"The hub refuses to be written to ({(int)response.StatusCode}). Give a token that may write in HF_TOKEN.{reason}",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                $"The hub refuses access ({(int)response.StatusCode}). A private or gated model needs a token in HF_TOKEN; "
                    + "a misspelt name gives the same answer.",
            HttpStatusCode.NotFound when isUpload => $"The hub has no such model or revision (404).{reason}",
            HttpStatusCode.NotFound => "The hub has no such model, revision or file (404). No folder of this name exists either.",
            _ => $"The hub answers {(int)response.StatusCode} {response.StatusCode}.{reason}",
        };
    }

    private static bool IsSafe(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static bool IsSameHost(Uri left, Uri right) => left.Scheme == right.Scheme && left.Host == right.Host && left.Port == right.Port;
}
