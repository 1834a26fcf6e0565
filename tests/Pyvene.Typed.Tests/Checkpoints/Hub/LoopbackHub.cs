using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Tests.Checkpoints.Hub;

/// <summary>Is a hub on this machine that serves one model; large files lead to a store without a checksum, as the real one does.</summary>
internal sealed partial class LoopbackHub : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Dictionary<string, byte[]> files;

    public LoopbackHub(Dictionary<string, byte[]> files)
    {
        this.files = files;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>The bytes after which a download breaks off.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Whether the bytes that are sent are not those of the checksum.</summary>
    public bool Corrupts { get; set; }

    /// <summary>What is answered where the files are asked for, in place of the list of files.</summary>
    public string? Listing { get; set; }

    /// <summary>Whether a download stops in the middle without an end.</summary>
    public bool Stalls { get; set; }

    /// <summary>What was asked for: method, path, range and authorisation.</summary>
    public List<string> Requests { get; } = [];

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                Answer(await listener.GetContextAsync());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or IOException)
            {
                // A client that is gone, or the end of the test.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var path = request.Url!.AbsolutePath;
        lock (Requests)
        {
            Requests.Add($"{request.HttpMethod} {path} {request.Headers["Range"]} {request.Headers["Authorization"]}".Trim());
        }

        if (path.StartsWith("/api/models/owner/name/revision/", StringComparison.Ordinal))
        {
            var siblings = files.Keys.Append("../evil.json").Select(name => new { rfilename = name });
            var listing = JsonSerializer.SerializeToUtf8Bytes(new { sha = new string('a', 40), siblings }, JsonForm.Plain);
            response.OutputStream.Write(Listing is { } text ? Encoding.UTF8.GetBytes(text) : listing);
        }
        else if (request.HttpMethod is "POST" or "PUT")
        {
            Take(request, response, path);
        }
        else if (files.TryGetValue(Uri.UnescapeDataString(Path.GetFileName(path)), out var bytes))
        {
            Send(request, response, path, bytes);
        }
        else
        {
            response.StatusCode = 404;
        }

        response.Close();
    }

    private void Send(HttpListenerRequest request, HttpListenerResponse response, string path, byte[] bytes)
    {
        if (path.EndsWith(".safetensors", StringComparison.Ordinal) && path.StartsWith("/owner", StringComparison.Ordinal))
        {
            response.StatusCode = 302;
            response.Headers["X-Linked-Etag"] = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
            response.Headers["X-Linked-Size"] = $"{bytes.Length}";
            response.RedirectLocation = $"/store/{Path.GetFileName(path)}";
            return;
        }

        response.Headers["ETag"] = $"\"{Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]))}\"";
        if (request.HttpMethod == "HEAD")
        {
            response.ContentLength64 = bytes.Length;
            return;
        }

        var start = 0;
        if (request.Headers["Range"] is { } range)
        {
            start = int.Parse(range["bytes=".Length..^1]);
            response.StatusCode = 206;
        }

        var rest = bytes[start..];
        if (Stalls)
        {
            response.ContentLength64 = rest.Length;
            response.OutputStream.Write(rest.AsSpan(0, rest.Length / 2));
            response.OutputStream.Flush();
            Thread.Sleep(600); // longer than the silence that the test allows
            return;
        }

        if (BreaksAfter is { } limit && rest.Length > limit)
        {
            rest = rest[..limit];
            BreaksAfter = null;
        }

        response.OutputStream.Write(Corrupts ? [.. rest.Select(value => (byte)(value ^ 1))] : rest);
    }
}
